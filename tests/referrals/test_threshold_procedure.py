"""A threshold changes by a draft, a count of whom it flags, and a second person."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from audit.models import AuditEntry
from nrm_tracker.calendars import midnight
from nrm_tracker.database import purpose
from organisations.models import Membership, Reassessment
from referrals import errors
from referrals.actions import (
    Proposal,
    announce_draft,
    approve_draft,
    ask_preview,
    change_draft,
    newest_version,
    previewing,
    run_previews,
    settle_announced,
    start_draft,
    sweep,
    withdraw_draft,
)
from referrals.models import DelayFlag, Referral, ThresholdDraft, ThresholdPreview, ThresholdVersion
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TOMORROW = date(2026, 11, 24)
IN_A_WEEK = date(2026, 11, 30)


@pytest.fixture
def cedar() -> Membership:
    return factories.administrator()


@pytest.fixture
def rowan(cedar: Membership) -> Membership:
    return factories.fellow_administrator(cedar)


def changed(days: int, rule: str = "entry-wait", **facts: Any) -> dict[str, Any]:
    """The newest definition with this many days as its first limit."""
    base = newest_version(rule=rule)
    assert base
    first, *others = base.definition["limits"]
    return base.definition | {"limits": [first | {"n": days}, *others]} | facts


def proposal(days: int, *, on: date | None = None, reason: str = "Too long", **facts: Any) -> Any:
    return Proposal(definition=changed(days, **facts), effective_on=on, reason=reason)


def drafted(by: Membership, days: int, *, on: date | None = None, now: datetime = NOW) -> Any:
    base = newest_version(rule="entry-wait")
    assert base
    with factories.acts(by):
        return start_draft(base=base, proposal=proposal(days, on=on), by=by, now=now)


def counted(draft: ThresholdDraft, by: Membership, *, now: datetime = NOW) -> ThresholdPreview:
    with factories.acts(by):
        ask_preview(draft=draft, by=by, now=now)
    run_previews(now=now)
    with factories.acts(by):
        return draft.previews.latest("id")


def approved(draft: ThresholdDraft, by: Membership, *, now: datetime = NOW) -> ThresholdVersion:
    with factories.acts(by):
        return approve_draft(draft=draft, revision=draft.revision, by=by, now=now)


def waiting(acting: Acting, days: int, **facts: Any) -> Referral:
    """In touch with us at noon so many days ago, and nothing since but the safety screen."""
    contact = NOW - timedelta(days=days)
    screened = factories.happening("immediate_safety_checked", contact + MINUTE)
    return factories.referral(acting, contact=contact, events=[screened], now=NOW, **facts)


def flags(acting: Acting, rule: str = "entry-wait") -> list[tuple[str, str, datetime]]:
    with acting.context():
        rows = DelayFlag.objects.standing().filter(rule=rule).order_by("id")
        return [(f.referral.reference, f.severity, f.breached_at) for f in rows]


def everything(acting: Acting) -> list[tuple[Any, ...]]:
    """Every flag of theirs, whole."""
    with acting.context():
        rows = DelayFlag.objects.filter(retracted_at__isnull=True).order_by("rule", "severity")
        return list(rows.values_list("rule", "severity", "breached_at", "raised_at", "ended_at"))


def deadlines_of(*referrals: Referral) -> list[datetime | None]:
    with purpose("nrm_sweep"):
        rows = Referral.objects.filter(pk__in=[referral.pk for referral in referrals])
        return list(rows.order_by("id").values_list("next_deadline_at", flat=True))


def state_of(draft: ThresholdDraft) -> str:
    with purpose("nrm_register"):
        return ThresholdDraft.objects.get(pk=draft.pk).state


# From the draft to the flags


def test_a_second_person_approves_and_who_waits_longer_is_flagged_from_that_moment(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    late, early = waiting(riverside, 12), waiting(riverside, 8)
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    assert flags(riverside) == []
    at = NOW + MINUTE
    version = approved(draft, rowan, now=at)
    assert version.effective_from == at
    run = sweep(now=at + MINUTE)
    assert run
    assert (run.raised, run.failed) == (1, 0)
    assert flags(riverside) == [(late.reference, "amber", at)]
    with purpose("nrm_sweep"):
        [owed] = Reassessment.objects.all()
        assert owed.organisation is None
        assert (owed.cursor, owed.finished_at) == (early.pk, at + MINUTE)
    with purpose("nrm_register"):
        row = ThresholdDraft.objects.get()
    assert (row.state, row.settled_by_id, row.made_id, row.reassessment_id) == (
        "approved",
        rowan.user_id,
        version.pk,
        owed.pk,
    )


def test_a_version_ahead_flags_at_its_own_instant_by_the_stored_deadline(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    """What is owed is paid at once; at the instant itself the index knows who is due."""
    late = waiting(riverside, 12)
    midnight_then = midnight(TOMORROW)
    draft = drafted(cedar, 10, on=TOMORROW)
    counted(draft, cedar)
    assert approved(draft, rowan).effective_from == midnight_then
    first = sweep(now=NOW + MINUTE)
    assert first
    assert first.raised == 0
    with riverside.context():
        assert Referral.objects.get(pk=late.pk).next_deadline_at == midnight_then
    before = sweep(now=midnight_then - timedelta(seconds=1))
    assert before
    assert (before.visited, before.raised) == (0, 0)
    then = sweep(now=midnight_then)
    assert then
    assert (then.visited, then.raised) == (1, 1)
    assert flags(riverside) == [(late.reference, "amber", midnight_then)]


def test_a_version_of_a_family_ahead_flags_the_one_whose_rule_it_is(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    """Of a family one rule speaks for a wait, before the version as well as after."""
    risk = factories.happening("risk_flag_added", NOW - timedelta(days=3), risk="pregnant")
    contact = NOW - timedelta(days=3)
    tight = factories.referral(riverside, contact=contact, events=[risk], now=NOW)
    base = newest_version(rule="entry-wait-at-risk")
    assert base
    with factories.acts(cedar):
        shorter = proposal(1, on=TOMORROW, rule="entry-wait-at-risk")
        draft = start_draft(base=base, proposal=shorter, by=cedar, now=NOW)
    assert counted(draft, cedar).flagged == 1
    approved(draft, rowan)
    sweep(now=NOW + MINUTE)
    sweep(now=midnight(TOMORROW))
    assert flags(riverside, "entry-wait-at-risk") == [
        (tight.reference, "amber", midnight(TOMORROW))
    ]
    assert flags(riverside, "entry-wait") == []


def test_a_draft_whose_day_passed_while_it_waited_takes_effect_when_it_is_approved(
    cedar: Membership, rowan: Membership
) -> None:
    draft = drafted(cedar, 10, on=TOMORROW)
    counted(draft, cedar)
    later = NOW + 5 * DAY
    assert approved(draft, rowan, now=later).effective_from == later


def test_what_a_new_version_cannot_concern_is_left_as_it_is(
    riverside: Acting, northgate: Acting, cedar: Membership, rowan: Membership
) -> None:
    """And assessing everything again finds nothing that was overlooked."""
    contact = NOW - timedelta(days=12)
    unscreened = factories.referral(riverside, contact=contact, now=NOW)
    theirs = waiting(northgate, 12)
    before, deadlines = everything(riverside), deadlines_of(unscreened, theirs)
    assert {rule for rule, *_ in before} == {"safety-screen"}
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    approved(draft, rowan, now=NOW + MINUTE)
    run = sweep(now=NOW + 2 * MINUTE)
    assert run
    assert (run.visited, run.raised, run.ended, run.retracted) == (2, 2, 0, 0)
    entry = ("entry-wait", "amber", NOW + MINUTE, NOW + 2 * MINUTE, None)
    assert everything(riverside) == sorted([*before, entry])
    assert deadlines_of(unscreened, theirs) == deadlines
    with purpose("nrm_register"):
        Reassessment.objects.create(reason="Everything", created_at=NOW)
    whole = sweep(now=NOW + 2 * MINUTE)
    assert whole
    assert (whole.visited, whole.raised, whole.ended, whole.retracted) == (2, 0, 0, 0)


def test_one_that_could_not_be_assessed_stays_marked_by_a_new_version_alone(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    """The whole of it is what failed."""
    marked = waiting(riverside, 12)
    with riverside.context():
        Referral.objects.filter(pk=marked.pk).update(assessment_failed_at=NOW)
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    approved(draft, rowan, now=NOW + MINUTE)
    sweep(now=NOW + 2 * MINUTE)
    assert [reference for reference, *_ in flags(riverside)] == [marked.reference]
    with riverside.context():
        assert Referral.objects.get(pk=marked.pk).assessment_failed_at == NOW


def test_what_was_flagged_by_an_older_version_stays(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    delayed = waiting(riverside, 20)
    [before] = flags(riverside)
    waiting(riverside, 13)
    draft = drafted(cedar, 25)
    preview = counted(draft, cedar)
    assert (preview.flagged, preview.ended, preview.staying) == (0, 0, 1)
    approved(draft, rowan, now=NOW + MINUTE)
    sweep(now=NOW + 2 * MINUTE)
    assert flags(riverside) == [before]
    sweep(now=NOW + 3 * DAY)
    assert flags(riverside) == [before]
    assert before[0] == delayed.reference


def test_a_pause_that_was_taken_is_not_forgotten_by_a_new_version(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    """Others forget the pauses of a case when its policy changes (glpi #6902, #15605)."""
    contact = NOW - timedelta(days=13)
    events = [
        factories.happening("immediate_safety_checked", contact + MINUTE),
        factories.happening("pause_started", contact + 2 * DAY),
        factories.happening("pause_ended", contact + 6 * DAY),
    ]
    paused = factories.referral(riverside, contact=contact, events=events, now=NOW)
    draft = drafted(cedar, 10)
    assert counted(draft, cedar).flagged == 0
    approved(draft, rowan)
    sweep(now=NOW + MINUTE)
    assert flags(riverside) == []
    ten_days_of_waiting = midnight(date(2026, 11, 25))
    sweep(now=ten_days_of_waiting)
    assert flags(riverside) == [(paused.reference, "amber", ten_days_of_waiting)]


def test_a_new_version_moves_the_dates_of_what_is_open(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    """Others leave stored dates behind when a rule changes (zammad #534)."""
    young = waiting(riverside, 1)
    with riverside.context():
        assert Referral.objects.get(pk=young.pk).next_deadline_at == midnight(date(2026, 12, 7))
    draft = drafted(cedar, 4)
    counted(draft, cedar)
    approved(draft, rowan)
    sweep(now=NOW + MINUTE)
    with riverside.context():
        assert Referral.objects.get(pk=young.pk).next_deadline_at == midnight(date(2026, 11, 27))


# The count


def test_the_count_says_who_would_be_flagged_and_flags_nobody(
    riverside: Acting, northgate: Acting, cedar: Membership, rowan: Membership
) -> None:
    ours, theirs = waiting(riverside, 12), waiting(northgate, 13, pseudonym="Linden")
    waiting(riverside, 5)
    draft = drafted(cedar, 10, on=TOMORROW)
    preview = counted(draft, cedar)
    assert (preview.checked, preview.people, preview.flagged, preview.failed) == (3, 3, 2, 0)
    assert (preview.at_risk, preview.at_once, preview.ended, preview.staying) == (0, 0, 0, 0)
    assert (preview.instant, preview.finished_at) == (midnight(TOMORROW), NOW)
    assert [set(line) for line in preview.lines] == [
        {"reference", "organisation", "severity", "since", "at_risk"}
    ] * 2
    assert flags(riverside) == flags(northgate) == []
    approved(draft, rowan)
    sweep(now=midnight(TOMORROW))
    flagged = [*flags(riverside), *flags(northgate)]
    said = [(line["reference"], line["severity"]) for line in preview.lines]
    assert said == [(reference, severity) for reference, severity, _ in flagged]
    assert [reference for reference, _ in said] == [ours.reference, theirs.reference]


def test_the_count_says_how_many_are_at_risk_and_of_how_many_somebody_is_told_at_once(
    riverside: Acting, cedar: Membership
) -> None:
    contact = NOW - timedelta(hours=3)
    risk = factories.happening("risk_flag_added", contact, risk="still_in_exploitation")
    factories.referral(riverside, contact=contact, events=[risk], now=NOW)
    base = newest_version(rule="safety-screen-urgent")
    assert base
    with factories.acts(cedar):
        shorter = proposal(2, rule="safety-screen-urgent")
        draft = start_draft(base=base, proposal=shorter, by=cedar, now=NOW)
    preview = counted(draft, cedar)
    assert (preview.flagged, preview.at_risk, preview.at_once) == (1, 1, 1)


def test_the_count_goes_on_batch_by_batch_where_it_stopped(
    riverside: Acting, cedar: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        waiting(riverside, 12)
    monkeypatch.setattr(previewing, "BATCH", 2)
    monkeypatch.setattr(previewing, "BATCHES", 1)
    draft = drafted(cedar, 10)
    seen = []
    preview = counted(draft, cedar)
    while preview.finished_at is None:
        seen.append((preview.checked, preview.people))
        run_previews(now=NOW)
        with factories.acts(cedar):
            preview = draft.previews.get()
    assert seen == [(2, 5), (4, 5)]
    assert (preview.checked, preview.flagged, len(preview.lines)) == (5, 5, 5)


def test_one_that_cannot_be_assessed_is_counted_and_stops_no_other(
    riverside: Acting, cedar: Membership
) -> None:
    broken = waiting(riverside, 12)
    waiting(riverside, 12)
    with riverside.context():
        Referral.objects.filter(pk=broken.pk).update(nation="atlantis")
    base = newest_version(rule="child-entry-wait")
    assert base
    preview = counted(drafted(cedar, 10), cedar)
    assert preview.checked == 2
    assert preview.flagged + preview.failed == 2


def test_a_changed_draft_is_counted_anew_before_it_is_approved(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    waiting(riverside, 12)
    draft = drafted(cedar, 10)
    with pytest.raises(errors.NotPreviewed):
        approved(draft, rowan)
    counted(draft, cedar)
    with factories.acts(cedar):
        change_draft(draft=draft, proposal=proposal(13), revision=1, by=cedar, now=NOW)
    with pytest.raises(errors.DraftChanged):
        approved(draft, rowan)
    with purpose("nrm_register"):
        draft.refresh_from_db()
    with pytest.raises(errors.NotPreviewed):
        approved(draft, rowan)
    assert counted(draft, cedar).flagged == 0
    approved(draft, rowan)


# Who may


def test_who_drafts_does_not_approve(cedar: Membership, rowan: Membership) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    with pytest.raises(errors.DraftIsYours):
        approved(draft, cedar)
    assert ThresholdVersion.objects.filter(code="entry-wait").count() == 1
    alone = {"state": "approved", "settled_by": cedar.user, "made": draft.base}
    with pytest.raises(IntegrityError, match="who_drafts"), purpose("nrm_register"):
        ThresholdDraft.objects.filter(pk=draft.pk).update(**alone)


def test_only_its_drafter_changes_it_and_anybody_who_may_withdraws_it(
    cedar: Membership, rowan: Membership
) -> None:
    draft = drafted(cedar, 10)
    with pytest.raises(errors.DraftIsOthers), factories.acts(rowan):
        change_draft(draft=draft, proposal=proposal(9), revision=1, by=rowan, now=NOW)
    with factories.acts(rowan):
        withdraw_draft(draft=draft, by=rowan, now=NOW)
    assert state_of(draft) == "withdrawn"
    with pytest.raises(errors.DraftSettled):
        approved(draft, rowan)
    assert state_of(drafted(cedar, 10)) == "open"


def test_of_each_threshold_one_change_is_on_its_way(cedar: Membership, rowan: Membership) -> None:
    drafted(cedar, 10)
    with pytest.raises(errors.ThereIsADraft):
        drafted(rowan, 11)


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        (lambda: proposal(10, on=date(2026, 11, 22)), errors.TakesEffectTooEarly),
        (lambda: proposal(14), errors.NotAThreshold),
        (lambda: proposal(10, basis="hearsay"), errors.NotAThreshold),
        (lambda: proposal(10, colour="red"), errors.NotAThreshold),
        (lambda: proposal(10, reason=" "), errors.NeedsAReason),
    ],
    ids=["in the past", "nothing changed", "no such basis", "no such key", "no reason"],
)
def test_what_makes_no_version_is_refused(
    cedar: Membership, what: Callable[[], Any], refusal: type[Exception]
) -> None:
    base = newest_version(rule="entry-wait")
    assert base
    with pytest.raises(refusal), factories.acts(cedar):
        start_draft(base=base, proposal=what(), by=cedar, now=NOW)


def test_a_change_comes_after_one_that_is_ahead(cedar: Membership, rowan: Membership) -> None:
    draft = drafted(cedar, 10, on=IN_A_WEEK)
    counted(draft, cedar)
    approved(draft, rowan)
    for day in (None, TOMORROW, IN_A_WEEK):
        with pytest.raises(errors.TakesEffectTooEarly):
            drafted(cedar, 9, on=day)
    assert drafted(cedar, 9, on=date(2026, 12, 1)).effective_on == date(2026, 12, 1)


# Where only few may


def announced(draft: ThresholdDraft, by: Membership, *, now: datetime = NOW) -> None:
    with factories.acts(by):
        announce_draft(draft=draft, revision=draft.revision, by=by, now=now)


def test_one_of_few_lets_it_take_effect_after_a_day(riverside: Acting, cedar: Membership) -> None:
    late = waiting(riverside, 12)
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    announced(draft, cedar)
    assert settle_announced(now=NOW + DAY - timedelta(seconds=1)) == 0
    assert settle_announced(now=NOW + DAY) == 1
    assert settle_announced(now=NOW + DAY) == 0
    sweep(now=NOW + DAY + MINUTE)
    assert flags(riverside) == [(late.reference, "amber", NOW + DAY)]


def test_within_that_day_it_can_be_withdrawn_and_a_second_person_can_approve(
    cedar: Membership, rowan: Membership
) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    announced(draft, cedar)
    with factories.acts(rowan):
        withdraw_draft(draft=draft, by=rowan, now=NOW + MINUTE)
    assert settle_announced(now=NOW + 2 * DAY) == 0
    again = drafted(cedar, 10)
    counted(again, cedar)
    announced(again, cedar)
    assert approved(again, rowan, now=NOW + MINUTE).effective_from == NOW + MINUTE
    assert settle_announced(now=NOW + 2 * DAY) == 0


def test_a_change_of_the_draft_calls_the_day_off(cedar: Membership) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    announced(draft, cedar)
    with factories.acts(cedar):
        change_draft(draft=draft, proposal=proposal(9), revision=1, by=cedar, now=NOW)
    assert state_of(draft) == "open"
    assert settle_announced(now=NOW + 2 * DAY) == 0


def test_where_four_may_nobody_does_it_alone(cedar: Membership, rowan: Membership) -> None:
    factories.fellow_administrator(cedar, "Hazel Administrator")
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    with pytest.raises(errors.DraftIsOthers):
        announced(draft, rowan)
    announced(draft, cedar)
    factories.fellow_administrator(cedar, "Alder Administrator")
    assert settle_announced(now=NOW + DAY) == 0
    assert state_of(draft) == "open"
    with pytest.raises(errors.TwoAreNeeded):
        announced(draft, cedar)


def test_who_has_left_lets_nothing_take_effect(cedar: Membership, rowan: Membership) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    announced(draft, cedar)
    with purpose("nrm_register"):
        Membership.objects.filter(pk=cedar.pk).update(ended_at=NOW)
    assert settle_announced(now=NOW + DAY) == 0
    assert state_of(draft) == "open"


# The trail


def test_each_step_stands_in_the_trail_and_names_fields_alone(
    cedar: Membership, rowan: Membership
) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)
    approved(draft, rowan)
    with factories.acts(cedar):
        rows = AuditEntry.objects.filter(action="threshold_changed").order_by("number")
        trail = list(rows.values_list("user", "subject", "fields", "reason"))
    about = f"threshold draft {draft.pk}"
    assert trail == [
        (cedar.user_id, about, ["limits"], "drafted"),
        (cedar.user_id, about, [], "previewed"),
        (rowan.user_id, about, ["limits"], "approved"),
    ]


def test_without_its_audit_entry_nothing_takes_effect(
    cedar: Membership, rowan: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(cedar, 10)
    counted(draft, cedar)

    def full(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("referrals.actions.drafting.log.record", full)
    with pytest.raises(OSError, match="full"):
        approved(draft, rowan)
    assert state_of(draft) == "open"
    with purpose("nrm_register"):
        assert Reassessment.objects.count() == 0
        assert ThresholdVersion.objects.filter(code="entry-wait").count() == 1
