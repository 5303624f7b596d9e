"""What is planned at the large organisation, so that a caseworker's Today has a day on it."""

from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date, noon
from nrm_tracker.database import context
from organisations.models import Membership
from referrals.actions import Meeting, add_note, make_appointment, make_task, share_out
from referrals.models import Appointment, Referral

SOON = timedelta(minutes=90)
QUARTER = timedelta(minutes=15)
NOTES = (
    ("Heron", 9, "Prefers the afternoon. Asked again how long it will take."),
    ("Heron", 2, "The GP has written: the letter is with the solicitor."),
    ("Kestrel", 0, "Rang from a shop. Can be at the library at noon."),
)
TASKS = (  # about whom, in how many days it is due, what
    ("Heron", 0, "Ask Northgate Trust again whether there is room"),
    ("Fieldfare", -1, "Send the appointment letter"),
    ("Swallow", 3, "Ask about the lost telephone"),
    ("", 1, "Order leaflets in Tigrinya"),
)
SIBLINGS = ("Redshank", "Greenshank")  # of whom one is a colleague's, and is given away


def plan_day(caseworker: Membership, manager: Membership, *, now: datetime) -> None:
    """Notes, tasks, appointments, and a referral that is new to the caseworker."""
    people = _people(manager)
    given_away = next(
        people[word] for word in SIBLINGS if people[word].assigned_to_id != caseworker.user_id
    )
    _share_out(given_away, caseworker, by=manager, now=now)
    with context(user=caseworker.user_id, organisation=caseworker.organisation_id):
        for word in ("Swallow", "Fieldfare"):
            _share_out(people[word], caseworker, by=caseworker, now=now)
        for word, days, words in NOTES:
            at = now - timedelta(days=days)
            add_note(referral=people[word], words=words, by=caseworker, now=at)
        for word, days, words in TASKS:
            make_task(
                referral=people.get(word),
                words=words,
                due_on=london_date(now) + timedelta(days=days),
                caseworker=caseworker.user_id,
                by=caseworker,
                now=now - timedelta(days=4),
            )
        _appointments(people, caseworker, now=now)


def _people(manager: Membership) -> dict[str, Referral]:
    words = {word for word, *_ in (*NOTES, *TASKS)} | {*SIBLINGS}
    rows = Referral.objects.visible_to(manager).filter(pseudonym__in=words)
    return {row.pseudonym: row for row in rows}


def _share_out(
    referral: Referral, caseworker: Membership, *, by: Membership, now: datetime
) -> None:
    chosen = {referral.pk: referral.version}
    share_out(chosen=chosen, caseworker=caseworker.user_id, by=by, now=now)


def _appointments(people: dict[str, Referral], by: Membership, *, now: datetime) -> None:
    """One in an hour or two, one of yesterday of which nobody has said what came of it."""
    soon = now.replace(minute=0, second=0, microsecond=0) + QUARTER * (now.minute // 15) + SOON
    meeting = Meeting(
        at=soon,
        purpose=Appointment.Purpose.REFERRAL_MEETING,
        place="our office, two workers",
        interpreter=Appointment.Interpreter.BOOKED,
        language="Tigrinya",
    )
    make_appointment(referral=people["Swallow"], meeting=meeting, by=by, now=now)
    advice = Meeting(
        at=noon(london_date(now) - timedelta(days=1)),
        purpose=Appointment.Purpose.OTHER,
        place="solicitor, by telephone",
    )
    then = now - timedelta(days=3)
    make_appointment(referral=people["Fieldfare"], meeting=advice, by=by, now=then)
