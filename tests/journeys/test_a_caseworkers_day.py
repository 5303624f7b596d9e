"""A caseworker's day: what was planned, what came of it, and handing over before a holiday."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import Meeting, make_appointment, make_task
from referrals.models import Referral
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
WORDS = "Said that Mondays are good."
TASK = "Ring the council about a place"


def yesterday(acting: Acting, *, now: datetime) -> Referral:
    """Somebody who was to be met yesterday, with a task that was for the same day."""
    then, by = now - timedelta(days=2), acting.caseworker
    events = [happening("immediate_safety_checked", then)]
    heron = referral(acting, contact=then, events=events)
    meeting = Meeting(
        at=now - timedelta(days=1),
        purpose="referral_meeting",
        interpreter="booked",
        language="Tigrinya",
    )
    with acting.context():
        make_appointment(referral=heron, meeting=meeting, by=by, now=then + timedelta(hours=1))
        make_task(
            referral=heron,
            words=TASK,
            due_on=london_date(now) - timedelta(days=1),
            caseworker=by.user_id,
            by=by,
            now=then,
        )
    return heron


@contextmanager
def within(person: Person, *, actions: int, seconds: float, what: str) -> Iterator[None]:
    """What it takes, from the page where it is seen to the page that says it is done."""
    before, started = person.actions, time.monotonic()
    yield
    took = time.monotonic() - started
    assert person.actions - before <= actions, what
    assert took < seconds, what


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_what_was_planned_is_answered(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a meeting and a task of yesterday that nobody has answered
    heron = yesterday(riverside, now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", WORDS, TASK]
    ash.opens("/today/")
    ash.sees("what came of it?", TASK, "Task due yesterday")
    ash.looks("day-today")

    # When the caseworker ticks the task off, says what came of the meeting, and writes a note
    with within(ash, actions=1, seconds=5, what="a task done"):
        ash.presses("Done")
        ash.sees(f"Done: {TASK}")
    ash.follows("Say what came of it")
    ash.looks("day-appointment")
    ash.opens("/today/")
    with within(ash, actions=4, seconds=10, what="what came of an appointment"):
        ash.follows("Say what came of it")
        ash.chooses("What came of it?", "It was held")
        ash.ticks("The account-taking is completed")
        ash.presses("Save")
        ash.sees("Recorded.")
    ash.sees("Account-taking completed")
    with within(ash, actions=2, seconds=5, what="a note"):
        ash.types("Add a note", WORDS)
        ash.presses("Add the note")
        ash.sees("The note is kept.")
    ash.sees(WORDS)
    ash.looks("day-referral")

    # Then Today is empty, and the next things are planned
    ash.opens("/today/")
    ash.does_not_see(TASK)
    ash.looks("day-answered")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Add a task")
    ash.looks("day-task")
    ash.presses("Add the task")
    ash.is_told_of_mistakes()
    ash.looks("day-task-wrong")
    ash.types("What is to be done?", "Send the form")
    ash.dates("By when?", london_date(now))
    ash.presses("Add the task")
    ash.follows("Make an appointment")
    ash.looks("day-appointment-new")
    ash.dates("When is it?", now + timedelta(days=3))
    ash.presses("Make the appointment")
    ash.sees("Recorded.")
    ash.follows("Strike through")
    ash.looks("day-note-withdraw")
    ash.chooses("What is wrong with it?", "It is not accurate")
    ash.presses("Strike it through")
    ash.sees("Struck through by")
    ash.looks("day-notes")
    ash.opens("/tasks/")
    ash.sees("Send the form")
    ash.looks("day-tasks")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_work_is_shared_out_before_a_holiday(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given two people, of whom one has waited too long for the safety screen
    late = referral(riverside, contact=now - timedelta(hours=25), now=now)
    then = now - timedelta(days=2)
    screened = [happening("immediate_safety_checked", then)]
    larch = referral(riverside, contact=then, now=now, pseudonym="Larch", events=screened)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Larch"]

    # When the caseworker records that both were spoken with, and gives one away
    ash.opens("/referrals/")
    ash.looks("day-list")
    for each in (late, larch):
        ash.ticks(f"Choose {each.reference}")
    ash.presses("Do with those chosen")
    ash.sees_heading("Do with those chosen (2)")
    ash.looks("day-chosen")
    ash.chooses("What do you want to do?", "Record that I spoke with each of them")
    ash.presses("Look at what this does")
    ash.sees_heading("Before it is done: for 2")
    ash.presses("Do it for 2")
    ash.sees("Recorded for 2 referrals:")
    ash.opens(f"/referrals/{larch.reference}/")
    ash.follows("Change Caseworker")
    ash.looks("day-caseworker")
    ash.picks("Who is the caseworker from now on?", "Bay Manager")
    ash.presses("Change the caseworker")
    ash.sees("The caseworker is changed.")

    # And lets the manager cover for the rest
    ash.opens("/today/")
    ash.follows("Cover for who is away")
    ash.looks("day-cover")
    ash.picks("Who covers?", "Bay Manager")
    ash.dates("First day away", london_date(now))
    ash.dates("Last day away", london_date(now) + timedelta(days=2))
    ash.presses("Arrange the cover")
    ash.sees("The cover is arranged.")
    ash.looks("day-covered")

    # Then the manager sees both: what is new, and what is done for a colleague
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/today/")
    bay.sees_heading("New to you (1)")
    bay.sees("for Ash Caseworker (away until")
    bay.looks("day-covering")
    bay.follows("Open")
    bay.sees_heading("Larch")
    bay.opens("/today/")
    bay.does_not_see("New to you")
