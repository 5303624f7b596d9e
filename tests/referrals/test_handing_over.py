"""A hand-over: what whoever is asked sees, who may answer, and what goes along with a referral."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from referrals.actions import (
    Happening,
    Meeting,
    accept_hand_over,
    add_note,
    ask_to_take,
    close_referral,
    correct_wait_event,
    decline_hand_over,
    make_appointment,
    make_task,
    record_identity,
    record_wait_events,
    restrict_referral,
    show_identity,
    show_interest,
    sweep,
    take_back,
)
from referrals.actions.correcting import said_by
from referrals.catalogue import Outcome
from referrals.errors import (
    CannotBeAsked,
    CannotBeUndone,
    ChangedMeanwhile,
    HandOverSettled,
    IsClosed,
    NoConsentToShare,
    NotDesignatedThen,
    OneAtATime,
)
from referrals.identity import Identity
from referrals.models import (
    Appointment,
    Custody,
    Delay,
    DelayFlag,
    HandOver,
    NamedStaff,
    NameMark,
    Referral,
    Restriction,
    SafeContact,
    TakenUp,
    Task,
    WaitEvent,
)
from tests import factories
from tests.factories import Acting, happening, referral
from tests.house.world import switch_second_wall_off

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_AGO, LATER = NOW - 7 * DAY, NOW + HOUR
State = HandOver.State


@pytest.fixture
def hers(northgate: Acting) -> Referral:
    """Northgate's, of somebody who agreed to sharing and speaks Tigrinya."""
    return shareable(northgate)


@pytest.fixture
def thornfield() -> Acting:
    return factories.organisation("Thornfield House (fictitious)", "thornfield")


def shareable(acting: Acting, **facts: object) -> Referral:
    agreed = happening("consent_recorded", WEEK_AGO, consent_type="sharing")
    made = referral(acting, contact=WEEK_AGO, **({"events": [agreed]} | facts))
    with acting.context():
        SafeContact.objects.create(
            referral=made,
            agreed_at=WEEK_AGO,
            recorded_at=WEEK_AGO,
            recorded_by=acting.organisation,
            interpreter="Tigrinya",
            version=1,
        )
    return made


def ask(acting: Acting, of: Referral, *others: Acting, at: datetime = NOW, several: bool = False):
    with acting.context():
        return ask_to_take(
            referral=of,
            organisations=[each.organisation for each in others],
            several_agreed=several,
            by=acting.caseworker,
            now=at,
        )


def accept(acting: Acting, row: HandOver, *, at: datetime = LATER) -> Referral:
    with acting.context():
        return accept_hand_over(hand_over=row, by=acting.caseworker, now=at)


def decline(acting: Acting, row: HandOver, reason: str = "capacity") -> None:
    with acting.context():
        decline_hand_over(hand_over=row, reason=reason, by=acting.caseworker, now=LATER)


def seen_by(acting: Acting, row: HandOver) -> HandOver:
    with acting.context():
        return HandOver.objects.visible_to(acting.caseworker).get(pk=row.pk)


def codes(acting: Acting, of: Referral) -> list[str]:
    with acting.context():
        events = WaitEvent.objects.filter(referral=of.pk).order_by("id")
        return list(events.values_list("code", flat=True))


def test_whoever_is_asked_sees_the_request_and_nothing_of_the_referral(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    seen = seen_by(riverside, row)
    shown = (seen.age_group, seen.nation, seen.needs_interpreter, seen.at_risk)
    assert shown == ("adult", "england", True, False)
    assert (seen.language, seen.reference) == ("", "")
    with riverside.context():
        assert not Referral.objects.exists()
        assert not WaitEvent.objects.exists()
        assert not Referral.objects.visible_to(riverside.caseworker).exists()


def test_the_language_is_shown_to_who_is_interested_and_gone_when_they_decline(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    with riverside.context():
        show_interest(hand_over=row, by=riverside.caseworker, now=LATER)
    assert seen_by(riverside, row).language == "Tigrinya"
    decline(riverside, row)
    seen = seen_by(riverside, row)
    assert (seen.state, seen.reason, seen.language) == (State.DECLINED, "capacity", "")
    assert codes(northgate, hers)[-2:] == ["fro_approached", "fro_declined_capacity"]
    assert codes(riverside, hers) == []


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("capacity", "fro_declined_capacity"),
        ("scope", "fro_declined_scope"),
        ("language", "fro_declined_other"),
        ("other", "fro_declined_other"),
    ],
)
def test_a_no_stands_on_the_timeline_of_who_asked_and_ends_their_wait(
    hers: Referral, northgate: Acting, riverside: Acting, reason: str, code: str
) -> None:
    [row] = ask(northgate, hers, riverside)
    week_later = NOW + 7 * DAY
    sweep(now=week_later)
    with northgate.context():
        assert Delay.objects.filter(rule="fro-reply", referral=hers).exists()
    with riverside.context():
        decline_hand_over(hand_over=row, reason=reason, by=riverside.caseworker, now=week_later)
    assert codes(northgate, hers)[-1] == code
    with northgate.context():
        said = WaitEvent.objects.filter(referral=hers).latest("id")
        assert (said.organisation, said.recorded_by) == (
            riverside.organisation,
            northgate.organisation,
        )
        assert not Delay.objects.filter(rule="fro-reply", referral=hers).exists()


def test_who_accepts_holds_the_referral_and_who_asked_does_not(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    taken = accept(riverside, row)
    assert (taken.pk, taken.holder, taken.assigned_to) == (
        hers.pk,
        riverside.organisation,
        riverside.caseworker.user,
    )
    with riverside.context():
        assert Referral.objects.visible_to(riverside.caseworker).get().first_contact_at == WEEK_AGO
        spans = Custody.objects.filter(referral=hers).order_by("since")
        assert list(spans.values_list("organisation", "since", "until")) == [
            (northgate.organisation.pk, WEEK_AGO, LATER),
            (riverside.organisation.pk, LATER, None),
        ]
    assert codes(riverside, hers)[-3:] == ["fro_approached", "fro_accepted", "handed_over"]
    assert seen_by(northgate, row).reference == hers.reference
    with northgate.context():
        assert not Referral.objects.exists()
        own = Custody.objects.filter(referral=hers.pk)
        assert list(own.values_list("since", "until")) == [(WEEK_AGO, LATER)]


def test_what_a_tab_that_is_still_open_sends_is_refused(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    accept(riverside, row)
    spoke = happening("contact_made", LATER)
    with pytest.raises(Referral.DoesNotExist), northgate.context():
        record_wait_events(referral=hers, happenings=[spoke], by=northgate.caseworker, now=LATER)
    assert "contact_made" not in codes(riverside, hers)


def test_a_page_opened_before_the_answer_came_does_not_write_over_it(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    with northgate.context():
        version = Referral.objects.get().version
    decline(riverside, row)
    with pytest.raises(ChangedMeanwhile), northgate.context():
        record_wait_events(
            referral=hers,
            happenings=[happening("contact_made", LATER)],
            by=northgate.caseworker,
            now=LATER,
            version=version,
        )


def test_nobody_but_who_was_asked_can_answer(
    hers: Referral, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    for outsider in (thornfield, northgate):
        with outsider.context():
            facts = {"hand_over": row, "by": outsider.caseworker, "now": LATER}
            with pytest.raises(HandOverSettled), transaction.atomic():
                accept_hand_over(**facts)
            with pytest.raises(HandOverSettled), transaction.atomic():
                show_interest(**facts)
            with pytest.raises(HandOverSettled), transaction.atomic():
                decline_hand_over(reason="scope", **facts)
    with thornfield.context():
        assert not HandOver.objects.exists()
        assert not HandOver.objects.visible_to(thornfield.caseworker).exists()


def test_who_is_asked_cannot_write_the_answer_past_the_functions(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    with riverside.context():
        assert HandOver.objects.filter(pk=row.pk).update(state="withdrawn", ended_at=LATER) == 0
        for change in ({"reference": "R-2222-2222"}, {"receiver": northgate.organisation}):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                HandOver.objects.update(**change)
    with northgate.context():
        for state in ("accepted", "declined"):
            with pytest.raises(ProgrammingError, match="row-level sec"), transaction.atomic():
                HandOver.objects.filter(pk=row.pk).update(state=state, ended_at=LATER)


def test_a_hand_over_is_answered_once(hers: Referral, northgate: Acting, riverside: Acting) -> None:
    [row] = ask(northgate, hers, riverside)
    decline(riverside, row)
    with pytest.raises(HandOverSettled):
        accept(riverside, row)
    with pytest.raises(HandOverSettled), northgate.context():
        take_back(hand_over=row, by=northgate.caseworker, now=LATER, answered=True)


def test_nobody_is_asked_without_consent_to_sharing(northgate: Acting, riverside: Acting) -> None:
    silent = referral(northgate, contact=WEEK_AGO)
    with pytest.raises(NoConsentToShare):
        ask(northgate, silent, riverside)
    child = shareable(northgate, age_group="child", events=[])
    with pytest.raises(NoConsentToShare):
        ask(northgate, child, riverside)
    factories.record(northgate, child, happening("sharing_agreed_for", WEEK_AGO), now=NOW)
    [row] = ask(northgate, child, riverside)
    assert seen_by(riverside, row).age_group == "child"


@pytest.mark.parametrize("code", ["consent_withdrawn", "consent_refused"])
def test_consent_that_is_taken_back_takes_the_request_back(
    hers: Referral, northgate: Acting, riverside: Acting, code: str
) -> None:
    [row] = ask(northgate, hers, riverside)
    with riverside.context():
        show_interest(hand_over=row, by=riverside.caseworker, now=LATER)
    no = happening(code, LATER, consent_type="sharing")
    factories.record(northgate, hers, no, now=LATER)
    seen = seen_by(riverside, row)
    assert (seen.state, seen.reason, seen.language) == (State.WITHDRAWN, "consent", "")
    with pytest.raises(HandOverSettled):
        accept(riverside, row, at=LATER + HOUR)


def test_a_closed_referral_is_offered_to_nobody(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    with northgate.context():
        close_referral(referral=hers, reason=Outcome.MOVED_AWAY, by=northgate.caseworker, now=LATER)
    assert seen_by(riverside, row).reason == "closed"
    with pytest.raises(IsClosed):
        ask(northgate, hers, riverside, at=LATER)


def test_a_new_risk_is_shown_to_who_has_not_answered(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    factories.record(
        northgate, hers, happening("risk_flag_added", LATER, risk="pregnant"), now=LATER
    )
    assert seen_by(riverside, row).at_risk


def test_several_are_asked_at_once_where_the_person_agreed(
    hers: Referral, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    with pytest.raises(OneAtATime):
        ask(northgate, hers, riverside, thornfield)
    first, second = ask(northgate, hers, riverside, thornfield, several=True)
    accept(riverside, first)
    left = seen_by(thornfield, second)
    assert (left.state, left.reason, left.reference) == (State.WITHDRAWN, "elsewhere", "")
    with pytest.raises(HandOverSettled):
        accept(thornfield, second)


def test_one_after_the_other(
    hers: Referral, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    with pytest.raises(OneAtATime):
        ask(northgate, hers, thornfield, several=True)
    with pytest.raises(CannotBeAsked):
        ask(northgate, hers, riverside, several=True)
    with northgate.context():
        take_back(hand_over=row, by=northgate.caseworker, now=LATER, answered=False)
    assert codes(northgate, hers)[-1] == "fro_no_response"
    assert seen_by(riverside, row).state == State.LAPSED
    ask(northgate, hers, thornfield, at=LATER)


def test_who_cannot_be_asked(hers: Referral, northgate: Acting) -> None:
    applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    elsewhere = factories.organisation("Elsewhere (fictitious)", "elsewhere", nations=["scotland"])
    for other in (applicant, elsewhere, northgate):
        with pytest.raises(CannotBeAsked):
            ask(northgate, hers, other)


def test_an_applicant_may_hand_over(riverside: Acting) -> None:
    applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    [row] = ask(applicant, shareable(applicant), riverside)
    assert accept(riverside, row).holder == riverside.organisation


def test_an_applicant_logs_and_hands_over_and_cannot_have_submitted(riverside: Acting) -> None:
    """Neither recorded, nor by a correction; whoever takes it may, and first contact stays."""
    applicant = factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    hers, by = shareable(applicant), applicant.caseworker
    ours = happening("referral_submitted", NOW, submitted_by=applicant.organisation)
    theirs = happening("referral_submitted", NOW, submitted_by=riverside.organisation)
    with pytest.raises(NotDesignatedThen, match="hand the referral over"), applicant.context():
        record_wait_events(referral=hers, happenings=[ours], by=by, now=NOW)
    factories.record(applicant, hers, theirs, now=NOW)
    with applicant.context():
        [event] = WaitEvent.objects.filter(code="referral_submitted")
        with pytest.raises(NotDesignatedThen), transaction.atomic():
            correct_wait_event(event=event, corrected=ours, reason="We did", by=by, now=LATER)
        assert correct_wait_event(event=event, corrected=None, reason="No", by=by, now=LATER)
    [row] = ask(applicant, hers, riverside, at=LATER)
    taken = accept(riverside, row, at=LATER + HOUR)
    assert taken.first_contact_at == WEEK_AGO
    own = happening("referral_submitted", LATER + HOUR, submitted_by=riverside.organisation)
    factories.record(riverside, taken, own, now=LATER + HOUR)
    with riverside.context():
        entered = Referral.objects.get()
        assert (entered.first_contact_at, entered.submitted_at) == (WEEK_AGO, LATER + HOUR)


def test_a_designation_counts_on_the_day_and_not_before(riverside: Acting) -> None:
    joined = factories.organisation("Joined (fictitious)", "joined", designated=False)
    administrator = factories.administrator()
    factories.record_step(
        joined.organisation, status="active", since=NOW.date(), by=administrator, now=NOW
    )
    hers = shareable(joined)
    before = happening("referral_submitted", NOW - DAY, submitted_by=joined.organisation)
    with pytest.raises(NotDesignatedThen), joined.context():
        record_wait_events(referral=hers, happenings=[before], by=joined.caseworker, now=NOW)
    on_the_day = happening("referral_submitted", NOW, submitted_by=joined.organisation)
    factories.record(joined, hers, on_the_day, now=NOW)


def test_what_is_the_senders_ends_and_what_is_the_persons_goes_along(
    northgate: Acting, riverside: Acting
) -> None:
    hers, by = shareable(northgate, own_reference="NOR-7"), northgate.caseworker
    sweep(now=NOW)
    with northgate.context():
        add_note(referral=hers, words="A note", by=by, now=NOW)
        facts = {"referral": hers, "by": by, "now": NOW}
        make_task(words="Ring", due_on=None, caseworker=by.user_id, **facts)
        meeting = Meeting(at=NOW + DAY, purpose="other", place="At the surgery")
        make_appointment(meeting=meeting, **facts)
        delay = Delay.objects.filter(referral=hers).first()
        TakenUp.objects.create(
            referral=hers,
            rule=delay.rule,
            started_by_id=delay.started_by_id,
            severity=delay.severity,
            reason="other",
            action="Asked the council",
            review_on=london_date(NOW) + 9 * DAY,
            by=by.user,
            at=NOW,
            version=hers.version,
        )
    [row] = ask(northgate, hers, riverside)
    accept(riverside, row)
    with riverside.context():
        taken = Referral.objects.get()
        assert taken.own_reference == ""
        assert Appointment.objects.get(referral=taken).place == "At the surgery"
        assert not Task.objects.exists()
        due = Delay.objects.with_attention(london_date(NOW)).get(pk=delay.pk)
        assert due.attention == "due"
        moved = WaitEvent.objects.get(referral=taken, code="handed_over")
        assert moved.detail == f"Their reference at {northgate.organisation}: NOR-7"


def test_a_rule_on_who_is_responsible_goes_by_who_is(riverside: Acting) -> None:
    """A duty to notify is the sender's, and not the receiver's."""
    council = factories.organisation("Council (fictitious)", "council", duty_to_notify=True)
    agreed = happening("consent_recorded", WEEK_AGO, consent_type="sharing")
    refused = happening("consent_refused", WEEK_AGO, consent_type="nrm")
    hers = shareable(council, events=[agreed, refused])
    sweep(now=NOW)
    duty = DelayFlag.objects.filter(referral=hers, rule="duty-to-notify")
    with council.context():
        assert duty.standing().exists()
    [row] = ask(council, hers, riverside)
    accept(riverside, row)
    with riverside.context():
        assert [(flag.end_reason, flag.ended_at) for flag in duty] == [("no_longer_applies", LATER)]


def test_names_are_found_by_who_holds_the_referral(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    with northgate.context():
        record_identity(
            referral=hers,
            identity=Identity(given_names="Semret", family_name="Haile"),
            birth_is_estimated=False,
            by=northgate.caseworker,
            now=NOW,
        )
        before = set(NameMark.objects.values_list("value", flat=True))
    [row] = ask(northgate, hers, riverside)
    accept(riverside, row)
    with riverside.context():
        identity = show_identity(
            referral=Referral.objects.get(), by=riverside.caseworker, now=LATER
        )
        assert identity.given_names == "Semret"
        marks = set(NameMark.objects.values_list("value", flat=True))
        assert len(marks) == len(before)
        assert {bytes(m) for m in marks}.isdisjoint({bytes(m) for m in before})


def test_a_restricted_referral_is_restricted_where_it_comes_to(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=NOW)
    [row] = ask(northgate, hers, riverside)
    with northgate.context(northgate.manager):
        assert not HandOver.objects.exists()
    accept(riverside, row)
    with riverside.context():
        assert Referral.objects.get().restricted
    with riverside.context(riverside.manager):
        assert not Referral.objects.exists()
        assert Restriction.objects.visible_to(riverside.manager).held().count() == 1
    with northgate.context(northgate.manager):
        assert not WaitEvent.objects.exists()
        assert not Restriction.objects.visible_to(northgate.manager).held().exists()
        assert not NamedStaff.objects.standing().exists()
        assert not HandOver.objects.exists()


def test_it_can_come_back(hers: Referral, northgate: Acting, riverside: Acting) -> None:
    [there] = ask(northgate, hers, riverside)
    taken = accept(riverside, there)
    [back] = ask(riverside, taken, northgate, at=NOW + DAY)
    accept(northgate, back, at=NOW + 2 * DAY)
    with northgate.context():
        spans = list(Custody.objects.order_by("since").values_list("since", "until"))
    assert spans == [
        (WEEK_AGO, LATER),
        (LATER, NOW + 2 * DAY),
        (NOW + 2 * DAY, None),
    ]


def said_otherwise(event: WaitEvent, **other: object) -> Happening:
    return replace(said_by(event), **other)


@pytest.mark.parametrize("who", ["riverside", "northgate"])
def test_a_hand_over_is_not_corrected_away_from_who_is_responsible(
    hers: Referral, northgate: Acting, riverside: Acting, who: str
) -> None:
    """Neither by the one that it went to, nor, once it came back, by the one it came from."""
    acting, by = riverside, riverside.caseworker
    [row] = ask(northgate, hers, riverside)
    accept(riverside, row)
    if who == "northgate":
        [back] = ask(riverside, Referral(pk=hers.pk), northgate, at=NOW + DAY)
        accept(northgate, back, at=NOW + 2 * DAY)
        acting, by = northgate, northgate.caseworker
    later = NOW + 3 * DAY
    with acting.context():
        before = list(Custody.objects.order_by("since").values_list("since", "until"))
        moved = WaitEvent.objects.filter(code="handed_over").earliest("id")
        for right in (
            None,
            said_otherwise(moved, happened_at=LATER + HOUR),
            said_otherwise(moved, organisation=acting.organisation if who == "northgate" else None),
        ):
            with pytest.raises(CannotBeUndone, match="hand it back"), transaction.atomic():
                correct_wait_event(event=moved, corrected=right, reason="No", by=by, now=later)
        note = said_otherwise(moved, detail="By telephone first")
        assert correct_wait_event(event=moved, corrected=note, reason="Add", by=by, now=later)
        assert list(Custody.objects.order_by("since").values_list("since", "until")) == before


def test_a_hand_over_outside_this_product_can_be_corrected(northgate: Acting) -> None:
    by_hand = happening("handed_over", NOW)
    hers = shareable(northgate, events=[by_hand])
    with northgate.context():
        event = WaitEvent.objects.get(code="handed_over")
        assert correct_wait_event(
            event=event, corrected=None, reason="No", by=northgate.caseworker, now=LATER
        )
        assert Custody.objects.filter(referral=hers, until=None).count() == 1


def test_both_sides_have_it_in_their_trail(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    [row] = ask(northgate, hers, riverside)
    accept(riverside, row)

    def trail(acting: Acting) -> list[tuple[str, int | None]]:
        with acting.context():
            entries = AuditEntry.objects.filter(subject=f"hand-over {row.pk}")
            return list(entries.order_by("number").values_list("action", "referral"))

    assert trail(northgate) == [
        (Action.HAND_OVER_SENT, hers.pk),
        (Action.HAND_OVER_ACCEPTED, hers.pk),
    ]
    assert trail(riverside) == [(Action.HAND_OVER_ACCEPTED, hers.pk)]


@pytest.mark.django_db(transaction=True)
def test_what_was_declined_leaves_nothing_behind_the_first_wall_alone() -> None:
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    thornfield = factories.organisation("Thornfield House (fictitious)", "thornfield")
    hers = shareable(northgate)
    [row] = ask(northgate, hers, riverside)
    decline(riverside, row)
    switch_second_wall_off()
    with riverside.context():
        assert not Referral.objects.visible_to(riverside.caseworker).exists()
        assert not WaitEvent.objects.visible_to(riverside.caseworker).exists()
        seen = HandOver.objects.visible_to(riverside.caseworker).get()
        assert (seen.language, seen.reference) == ("", "")
    with thornfield.context():
        assert not HandOver.objects.visible_to(thornfield.caseworker).exists()
