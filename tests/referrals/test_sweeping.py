"""Time passing: flags are raised, ended and retracted, and somebody is told, once."""

from datetime import date, timedelta

import pytest

from nrm_tracker.database import purpose
from organisations.models import Designation, Membership, Reassessment
from referrals.actions import correct_wait_event, deliver_notices, reassess_due_of, sweep, sweeping
from referrals.heartbeat import sweep_status
from referrals.models import DelayFlag, Notice, OutboxMessage, Referral, SweepRun, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening

pytestmark = pytest.mark.django_db

CONTACT = NOW - timedelta(hours=3)
DUE = CONTACT + timedelta(hours=4)
SECOND = timedelta(seconds=1)


def urgent(acting: Acting, **facts: object) -> Referral:
    """Still exploited, not screened: critical four hours after first contact."""
    risk = happening("risk_flag_added", CONTACT, risk="still_in_exploitation")
    return factories.referral(acting, contact=CONTACT, events=[risk], **facts)


def swept(now: object) -> SweepRun:
    run = sweep(now=now)  # type: ignore[arg-type]
    assert run is not None
    return run


def flags(acting: Acting, rule: str = "safety-screen-urgent") -> list[DelayFlag]:
    with acting.context():
        return list(DelayFlag.objects.filter(rule=rule))


def messages() -> int:
    with purpose("nrm_sweep"):
        return OutboxMessage.objects.filter(escalation=None).count()


def test_nothing_is_raised_before_its_deadline(riverside: Acting) -> None:
    urgent(riverside)
    run = swept(DUE - SECOND)
    assert (run.visited, run.raised) == (0, 0)
    assert flags(riverside) == []


def test_a_flag_is_raised_at_its_deadline_and_once(riverside: Acting, northgate: Acting) -> None:
    urgent(riverside)
    noticed = DUE + timedelta(minutes=7)
    run = swept(noticed)
    assert (run.visited, run.raised, run.failed, run.checked_until) == (1, 1, 0, noticed)
    [flag] = flags(riverside)
    assert (flag.severity, flag.breached_at, flag.raised_at) == ("critical", DUE, noticed)
    again = swept(noticed + timedelta(minutes=1))
    assert (again.visited, again.raised) == (0, 0)
    assert flags(northgate) == []


def test_a_deadline_is_passed_at_the_deadline_itself(riverside: Acting) -> None:
    urgent(riverside)
    assert swept(DUE).raised == 1


def test_a_flag_ends_when_what_was_waited_for_happens(riverside: Acting) -> None:
    referral = urgent(riverside)
    swept(DUE)
    at = DUE + timedelta(minutes=30)
    factories.record(riverside, referral, happening("immediate_safety_checked", at), now=at)
    [flag] = flags(riverside)
    assert (flag.ended_at, flag.end_reason, flag.retracted_at) == (at, "ended", None)


def test_what_had_happened_in_time_retracts_and_its_correction_raises_anew(
    riverside: Acting,
) -> None:
    referral = urgent(riverside)
    swept(DUE)
    told = DUE + timedelta(minutes=10)
    check = happening("immediate_safety_checked", DUE - timedelta(minutes=5))
    factories.record(riverside, referral, check, now=told)
    [flag] = flags(riverside)
    assert flag.retracted_at == told
    with riverside.context():
        event = WaitEvent.objects.get(code="immediate_safety_checked")
        mistaken = told + timedelta(minutes=5)
        correct_wait_event(
            event=event, corrected=None, reason="another", by=riverside.caseworker, now=mistaken
        )
    [same] = flags(riverside)
    assert same.pk == flag.pk
    assert (same.retracted_at, same.raised_at, same.breached_at) == (None, mistaken, DUE)


def test_the_responsible_and_the_manager_are_told_once(
    riverside: Acting, northgate: Acting
) -> None:
    urgent(riverside)
    swept(DUE)
    assert messages() == 1
    assert deliver_notices(now=DUE) == 1
    assert deliver_notices(now=DUE) == 0
    swept(DUE + timedelta(minutes=1))
    assert messages() == 1
    with purpose("nrm_sweep"):
        told = set(Notice.objects.values_list("user", flat=True))
    assert told == {riverside.caseworker.user_id, riverside.manager.user_id}


def test_late_paperwork_is_quiet(riverside: Acting) -> None:
    urgent(riverside, now=DUE + timedelta(hours=24, seconds=1))
    assert len(flags(riverside)) == 1
    assert messages() == 0


def test_a_page_notices_what_a_dead_sweep_missed(riverside: Acting, northgate: Acting) -> None:
    urgent(riverside)
    with northgate.context():
        assert reassess_due_of(northgate.caseworker, now=DUE).visited == 0
    with riverside.context():
        assert reassess_due_of(riverside.caseworker, now=DUE).raised == 1
    assert swept(DUE).visited == 0


def test_a_negative_letter_rings_twice(riverside: Acting) -> None:
    letter = date(2026, 11, 1)
    decided = happening("rg_decision", NOW, outcome="negative", dated_on=letter)
    submitted = happening(
        "referral_submitted", NOW - timedelta(days=30), submitted_by=riverside.organisation
    )
    factories.referral(riverside, contact=NOW - timedelta(days=40), events=[submitted, decided])
    for day in range(12):
        swept(NOW + timedelta(days=day))
    rule = flags(riverside, "reconsideration-window")
    assert [flag.severity for flag in rule] == ["amber", "critical"]
    assert messages() == 2


def test_a_referral_that_fails_is_marked_and_stops_no_other(riverside: Acting) -> None:
    broken, whole = urgent(riverside), urgent(riverside, pseudonym="Wren")
    with riverside.context():
        Referral.objects.filter(pk=broken.pk).update(nation="atlantis")
    run = swept(DUE)
    assert (run.raised, run.failed) == (1, 1)
    assert [flag.referral_id for flag in flags(riverside)] == [whole.pk]
    with riverside.context():
        broken.refresh_from_db()
        assert broken.assessment_failed_at == DUE
        Referral.objects.filter(pk=broken.pk).update(nation="england")
    assert swept(DUE + SECOND).raised == 1
    with riverside.context():
        broken.refresh_from_db()
        assert broken.assessment_failed_at is None


def test_who_fails_while_everybody_is_assessed_anew_is_tried_again_by_the_next_sweep(
    riverside: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is due for them by the stored deadline, and what was owed counts as done."""
    urgent(riverside)
    with purpose("nrm_register"):
        Reassessment.objects.create(reason="A new bank holiday", created_at=NOW)
    with riverside.context():
        Referral.objects.update(next_deadline_at=None)  # as it looks where only a change matters
    with monkeypatch.context() as broken:
        broken.setattr(sweeping, "reassess", lambda *_, **__: 1 / 0)
        assert swept(DUE).failed == 1
    assert swept(DUE + SECOND).raised == 1
    assert swept(DUE + 2 * SECOND).visited == 0


def test_a_changed_register_reassesses_the_open_referrals_of_the_organisation(
    riverside: Acting,
) -> None:
    keeper = factories.administrator()
    lantern = factories.organisation("Lantern (fictitious)", "lantern", designated=False)
    for acting in (lantern, riverside):
        contact = NOW - timedelta(days=9)
        consent = happening("consent_recorded", contact)
        factories.referral(acting, contact=contact, events=[consent], now=NOW)
    assert len(flags(lantern, "first-fro-approach")) == 1
    factories.record_step(
        lantern.organisation,
        status=Designation.Status.ACTIVE,
        since=date(2026, 1, 1),
        by=keeper,
        now=NOW,
    )
    later = NOW + timedelta(minutes=1)
    run = swept(later)
    assert (run.visited, run.retracted) == (1, 1)
    [flag] = flags(lantern, "first-fro-approach")
    assert flag.retracted_at == later
    with purpose("nrm_sweep"):
        [owed] = Reassessment.objects.all()
    assert (owed.finished_at, owed.cursor) == (later, flag.referral_id)
    assert swept(later).visited == 0


def test_a_slow_sweep_does_not_forget_what_was_recorded_meanwhile(riverside: Acting) -> None:
    referral = urgent(riverside)
    swept(DUE)
    at = DUE + timedelta(hours=1)
    factories.record(riverside, referral, happening("immediate_safety_checked", at), now=at)
    with purpose("nrm_register"):
        Reassessment.objects.create(reason="a new bank holiday", created_at=at)
    assert swept(at - timedelta(minutes=30)).visited == 1
    [flag] = flags(riverside)
    assert (flag.ended_at, flag.retracted_at) == (at, None)


def test_a_closed_referral_comes_due_no_more(riverside: Acting) -> None:
    referral = urgent(riverside)
    factories.record(riverside, referral, happening("closed", NOW), now=NOW)
    assert swept(DUE + timedelta(days=400)).visited == 0


def test_the_heartbeat_is_late_after_two_intervals(riverside: Acting) -> None:
    urgent(riverside)
    assert sweep_status(now=NOW).late
    swept(NOW)
    assert not sweep_status(now=NOW + timedelta(seconds=60)).late
    with riverside.context():
        status = sweep_status(now=DUE)
    assert (status.late, status.last_checked, status.oldest_unchecked) == (True, NOW, DUE)


def test_one_referral_of_a_wrong_clock_ages_no_other(riverside: Acting) -> None:
    early = urgent(riverside)
    swept(DUE + timedelta(hours=30))
    urgent(riverside, pseudonym="Wren", now=NOW)
    with purpose("nrm_sweep"):
        Referral.objects.update(next_deadline_at=NOW)
    swept(DUE - SECOND)
    assert {flag.referral_id for flag in flags(riverside)} == {early.pk}


def test_a_sweep_whose_clock_is_ahead_is_no_heartbeat(riverside: Acting) -> None:
    swept(NOW - timedelta(hours=1))
    swept(NOW + timedelta(days=1))
    status = sweep_status(now=NOW)
    assert (status.late, status.last_checked) == (True, NOW - timedelta(hours=1))


def test_no_page_fails_for_a_referral_that_cannot_be_assessed(riverside: Acting) -> None:
    broken = urgent(riverside)
    with riverside.context():
        Referral.objects.filter(pk=broken.pk).update(nation="atlantis")
        assert reassess_due_of(riverside.caseworker, now=DUE).visited == 0
    swept(DUE)
    urgent(riverside, pseudonym="Wren")
    with riverside.context():
        assert reassess_due_of(riverside.caseworker, now=DUE).raised == 1


def test_where_nobody_is_responsible_everybody_is_told(riverside: Acting) -> None:
    urgent(riverside)
    other = factories.person("heath@riverside.example", "Heath Caseworker")
    with purpose("nrm_register"):
        Membership.objects.filter(organisation=riverside.organisation).update(ended_at=NOW)
        Membership.objects.create(
            user=other, organisation=riverside.organisation, role="caseworker", started_at=NOW
        )
    swept(DUE)
    deliver_notices(now=DUE)
    with purpose("nrm_sweep"):
        assert list(Notice.objects.values_list("user", flat=True)) == [other.pk]
