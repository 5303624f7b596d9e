"""First Responders' work recorded by somebody untrained: a warning, or refused, at every door."""

from datetime import timedelta

import pytest

from nrm_tracker.database import context
from organisations.actions import choose_responder_policy
from organisations.actor import Command
from organisations.models import ResponderPolicy
from referrals.actions import (
    Answer,
    Meeting,
    answer_appointment,
    correct_wait_event,
    make_appointment,
    record_for_several,
    record_submission,
    record_wait_events,
)
from referrals.actions.correcting import said_by
from referrals.errors import MayNotAct
from referrals.models import Referral, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.organisations.test_training import train
from tests.referrals.casework import DAY, caseworker, form_of, moment, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
Policy = ResponderPolicy.Policy
HELD = NOW - timedelta(hours=2)


@pytest.fixture
def somebody(riverside: Acting) -> Referral:
    agreed = happening("consent_recorded", NOW - 3 * DAY, consent_type="nrm")
    return factories.referral(riverside, contact=NOW - 4 * DAY, now=NOW - 3 * DAY, events=[agreed])


def refuse(acting: Acting) -> None:
    with acting.context(acting.manager):
        choose_responder_policy(policy=Policy.REFUSE, by=acting.manager, now=NOW)


def train_manager(acting: Acting) -> None:
    """Somebody to pass it on to."""
    train(Acting(acting.organisation, acting.manager, acting.manager), trained_on=NOW.date())


def codes(acting: Acting, referral: Referral) -> set[str]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=referral).standing()
        return set(rows.values_list("code", flat=True))


def interview(**facts: object):
    return happening("interview_completed", HELD, **facts)


def submitted(acting: Acting):
    return happening("referral_submitted", HELD, submitted_by=acting.organisation)


def test_without_a_choice_it_is_said_and_recorded(riverside: Acting, somebody: Referral) -> None:
    client = caseworker(riverside)
    url = f"/referrals/{somebody.reference}/record/interview_completed/"
    text = client.get(url, follow=True).text
    assert "You can record this. Should a trained colleague do it?" in text
    assert "Not marked as a First Responder. Nobody here may act today." in text
    assert send(client, url, **moment(HELD)).status_code == 302
    assert "interview_completed" in codes(riverside, somebody)


def test_where_it_is_refused_nothing_typed_is_lost_and_colleagues_are_named(
    riverside: Acting, northgate: Acting, somebody: Referral
) -> None:
    refuse(riverside)
    train_manager(riverside)
    train(northgate, trained_on=NOW.date())
    client = caseworker(riverside)
    url = f"/referrals/{somebody.reference}/record/interview_completed/"
    answer = send(client, url, detail="Went well", **moment(HELD))
    assert answer.status_code == 200
    assert "Who may act today: Bay Manager." in answer.text
    assert "Nothing is recorded yet" in answer.text
    assert "Went well" in answer.text
    assert "interview_completed" not in codes(riverside, somebody)

    train(riverside, trained_on=NOW.date())
    assert "Should a trained colleague" not in client.get(url, follow=True).text
    assert send(client, url, detail="Went well", **moment(HELD)).status_code == 302
    assert "interview_completed" in codes(riverside, somebody)


@pytest.mark.parametrize("code", ["interview_started", "interview_completed"])
def test_an_interview_is_refused_in_the_action(
    riverside: Acting, somebody: Referral, code: str
) -> None:
    refuse(riverside)
    with pytest.raises(MayNotAct, match="Nobody here may act today"):
        factories.record(riverside, somebody, happening(code, HELD), now=NOW)
    assert code not in codes(riverside, somebody)


def test_every_action_that_records_it_refuses(riverside: Acting, somebody: Referral) -> None:
    refuse(riverside)
    by = {"by": riverside.caseworker, "now": NOW}
    meeting = Meeting(at=NOW - DAY, purpose="referral_meeting")
    held = Answer(interpreter="not_needed", language="", outcome="held", account_completed=True)
    with riverside.context():
        made = make_appointment(
            referral=somebody, meeting=meeting, by=riverside.caseworker, now=NOW - 2 * DAY
        )
        assert made
        doors = [
            lambda: record_wait_events(referral=somebody, happenings=[interview()], **by),
            lambda: record_for_several(
                referral=somebody, happenings=[interview()], others=[], **by
            ),
            lambda: record_submission(
                referral=somebody,
                happenings=[submitted(riverside)],
                home_office_reference="",
                **by,
            ),
            lambda: answer_appointment(appointment=made, answer=held, **by),
        ]
        for door in doors:
            with pytest.raises(MayNotAct):
                door()
    assert codes(riverside, somebody) & {"interview_completed", "referral_submitted"} == set()


def test_a_correction_is_no_way_round(
    riverside: Acting, northgate: Acting, somebody: Referral
) -> None:
    refuse(riverside)
    theirs = happening("referral_submitted", HELD, submitted_by=northgate.organisation)
    factories.record(riverside, somebody, theirs, now=NOW)  # what another one did is a fact
    with riverside.context():
        event = WaitEvent.objects.get(referral=somebody, code="referral_submitted")
        with pytest.raises(MayNotAct):
            correct_wait_event(
                event=event,
                corrected=submitted(riverside),
                reason="It was us",
                by=riverside.caseworker,
                now=NOW,
            )


def test_what_is_recorded_already_may_be_corrected(riverside: Acting, somebody: Referral) -> None:
    factories.record(riverside, somebody, interview(), now=NOW)
    refuse(riverside)
    with riverside.context():
        event = WaitEvent.objects.get(referral=somebody, code="interview_completed")
        said = said_by(event)
        assert correct_wait_event(
            event=event, corrected=said, reason="Again", by=riverside.caseworker, now=NOW
        )


def test_who_was_trained_on_the_day_may_record_it_later(
    riverside: Acting, somebody: Referral
) -> None:
    refuse(riverside)
    train(riverside, trained_on=HELD.date() - timedelta(days=365))
    tomorrow = NOW + DAY
    factories.record(riverside, somebody, interview(), now=tomorrow)
    with pytest.raises(MayNotAct, match="First Responder ended on 23 November 2026"):
        factories.record(
            riverside, somebody, happening("interview_completed", tomorrow), now=tomorrow
        )


def test_who_is_trained_today_may_record_what_was_before(
    riverside: Acting, somebody: Referral
) -> None:
    refuse(riverside)
    train(riverside, trained_on=NOW.date())
    factories.record(riverside, somebody, happening("interview_started", NOW - DAY), now=NOW)
    assert "interview_started" in codes(riverside, somebody)


def test_where_nobody_is_designated_there_are_no_first_responders(somebody: Referral) -> None:
    heath = factories.organisation("Heath Aid (fictitious)", "heath", designated=False)
    refuse(heath)
    theirs = factories.referral(heath, contact=NOW - DAY, now=NOW)
    factories.record(heath, theirs, interview(), now=NOW)
    assert "interview_completed" in codes(heath, theirs)


def test_a_command_tells_of_the_past(riverside: Acting, somebody: Referral) -> None:
    refuse(riverside)
    with context(organisation=riverside.organisation.pk):
        record_wait_events(
            referral=somebody,
            happenings=[interview()],
            by=Command(organisation_id=riverside.organisation.pk),
            now=NOW,
        )
    assert "interview_completed" in codes(riverside, somebody)


def test_the_form_of_a_submission_and_what_already_happened_say_so(
    riverside: Acting, somebody: Referral
) -> None:
    client = caseworker(riverside)
    url = f"/referrals/{somebody.reference}/home-office/submitted/"
    assert "Should a trained colleague do it?" in client.get(url, follow=True).text
    assert form_of(client, url)
    refuse(riverside)
    text = client.get(url, follow=True).text
    assert "Your organisation asks a trained colleague to record this" in text
