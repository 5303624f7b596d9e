"""Whoever handed a referral over reads on, while the person agrees to it: by both walls."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, IntegrityError, ProgrammingError
from django.urls import reverse

from audit.models import Action, AuditEntry
from referrals.actions import (
    accept_hand_over,
    add_note,
    ask_to_take,
    decline_hand_over,
    end_reading_on,
    lift_restriction,
    read_on,
    record_identity,
    record_wait_events,
    restrict_referral,
    show_interest,
)
from referrals.errors import NobodyReadsOn, NothingToReadOn
from referrals.identity import Identity
from referrals.models import HandOver, Referral, Survivor, WaitEvent
from tests import factories
from tests.factories import Acting, happening, referral
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_AGO, TAKEN = NOW - 7 * DAY, NOW + HOUR
OVER = TAKEN + 28 * DAY  # when it has expired
SECRET = ("Quagga", "zephyr wrote a letter", "Semret")


def shareable(acting: Acting, **facts: object) -> Referral:
    agreed = happening("consent_recorded", WEEK_AGO, consent_type="sharing")
    given = {"events": [agreed], "pseudonym": "Quagga", "now": NOW} | facts
    return referral(acting, contact=WEEK_AGO, **given)


def ask(acting: Acting, of: Referral, other: Acting, *, days: int | None = 28) -> HandOver:
    with acting.context():
        [row] = ask_to_take(
            referral=of,
            organisations=[other.organisation],
            read_on_days=days,
            by=acting.caseworker,
            now=NOW,
        )
    return row


def accept(acting: Acting, row: HandOver, *, at: datetime = TAKEN) -> None:
    with acting.context():
        accept_hand_over(hand_over=row, by=acting.caseworker, now=at)


def by_the_database(acting: Acting, row: HandOver, *, at: datetime) -> object:
    """What the role of the product gets for the asking, past every check of ours."""
    with acting.context(), connection.cursor() as cursor:
        cursor.execute("SELECT nrm_read_on(%s, %s)", [row.pk, at])
        return cursor.fetchone()[0]


def reads(acting: Acting, row: HandOver, *, at: datetime) -> bool:
    """By the action; and the database says the same of whoever handed it over."""
    with acting.context():
        seen = HandOver.objects.visible_to(acting.caseworker).filter(pk=row.pk).first()
        try:
            read_on(hand_over=seen or row, by=acting.caseworker, now=at)
        except NothingToReadOn:
            allowed = False
        else:
            allowed = True
    assert (by_the_database(acting, row, at=at) is not None) == allowed
    return allowed


def sees_nothing_of_theirs(acting: Acting, of: Referral) -> bool:
    """But the entries that it recorded itself."""
    with acting.context():
        own = WaitEvent.objects.exclude(recorded_by=acting.organisation)
        rows = (Referral.objects, Survivor.objects, own)
        return not any(each.exists() for each in rows)


@pytest.fixture
def hers(northgate: Acting) -> Referral:
    return shareable(northgate)


@pytest.fixture
def thornfield() -> Acting:
    return factories.organisation("Thornfield House (fictitious)", "thornfield")


@pytest.fixture
def row(hers: Referral, northgate: Acting, riverside: Acting, thornfield: Acting) -> HandOver:
    """Asked, and the person agreed that Northgate reads on for 28 days."""
    return ask(northgate, hers, riverside)


@pytest.fixture
def taken(row: HandOver, riverside: Acting) -> HandOver:
    accept(riverside, row)
    return row


def test_the_table_of_who_reads_when(
    hers: Referral, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    """Before, asked, interested, accepted, to its last instant, and after."""
    second = timedelta(seconds=1)
    row = ask(northgate, hers, riverside)
    found = {"asked": reads(northgate, row, at=NOW)}
    with riverside.context():
        show_interest(hand_over=row, by=riverside.caseworker, now=NOW)
    found["interested"] = reads(northgate, row, at=NOW)
    accept(riverside, row)
    found["an instant before"] = by_the_database(northgate, row, at=TAKEN - second) is not None
    found["accepted"] = reads(northgate, row, at=TAKEN)
    found["last"] = reads(northgate, row, at=OVER - second)
    found["expired"] = reads(northgate, row, at=OVER)
    found["stranger"] = reads(thornfield, row, at=TAKEN)
    found["receiver"] = reads(riverside, row, at=TAKEN)
    assert found == {
        "asked": False,
        "interested": False,
        "an instant before": False,
        "accepted": True,
        "last": True,
        "expired": False,
        "stranger": False,
        "receiver": False,
    }
    assert sees_nothing_of_theirs(northgate, hers)


def test_nobody_reads_on_where_the_person_was_not_asked(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    row = ask(northgate, hers, riverside, days=None)
    accept(riverside, row)
    assert not reads(northgate, row, at=TAKEN)


def test_what_was_declined_is_read_on_by_nobody(
    row: HandOver, northgate: Acting, riverside: Acting
) -> None:
    with riverside.context():
        decline_hand_over(hand_over=row, reason="scope", by=riverside.caseworker, now=TAKEN)
    assert not reads(northgate, row, at=TAKEN)


def test_they_read_what_happened_and_no_word_that_anybody_wrote(
    taken: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    by, later = riverside.caseworker, TAKEN + HOUR
    with riverside.context():
        mine = Referral.objects.get()
        told = happening("risk_flag_added", later, risk="pregnant", detail=SECRET[1])
        record_wait_events(referral=mine, happenings=[told], by=by, now=later)
        add_note(referral=mine, words=SECRET[1], by=by, now=later)
        record_identity(
            referral=mine,
            identity=Identity(given_names="Semret"),
            birth_is_estimated=False,
            by=by,
            now=later,
        )
    with northgate.context():
        row = HandOver.objects.get(pk=taken.pk)
        said = read_on(hand_over=row, by=northgate.caseworker, now=later)
    assert [event["code"] for event in said["events"]][:3] == [
        "risk_flag_added",
        "handed_over",
        "fro_accepted",
    ]
    assert set(said) == {"first_contact_at", "submitted_at", "closed_at", "events", "delays"}
    assert [word for word in (*SECRET, "pregnant") if word in str(said)] == []


@pytest.mark.parametrize("why", ["person", "not_needed"])
def test_the_receiver_ends_it_at_any_time(
    taken: HandOver, northgate: Acting, riverside: Acting, why: str
) -> None:
    assert reads(northgate, taken, at=TAKEN + HOUR)
    with riverside.context():
        facts = {"hand_over": taken, "why": why, "by": riverside.caseworker}
        end_reading_on(now=TAKEN + 2 * HOUR, **facts)
        with pytest.raises(NothingToReadOn), transaction.atomic():
            end_reading_on(now=TAKEN + 3 * HOUR, **facts)
        ended = HandOver.objects.get()
        assert (ended.reading_ended_why, ended.reading_ended_by) == (why, riverside.caseworker.user)
    assert not reads(northgate, taken, at=TAKEN + 2 * HOUR)
    assert by_the_database(northgate, taken, at=TAKEN + HOUR) is None  # nor by an older clock


def test_nobody_else_ends_it(taken: HandOver, northgate: Acting, thornfield: Acting) -> None:
    for outsider in (northgate, thornfield):
        with pytest.raises(NothingToReadOn), outsider.context():
            end_reading_on(hand_over=taken, why="person", by=outsider.caseworker, now=TAKEN + HOUR)
    with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
        HandOver.objects.update(read_on_days=90)
    assert reads(northgate, taken, at=TAKEN + HOUR)


NO: dict[str, dict[str, str]] = {
    "consent_withdrawn": {"consent_type": "sharing"},
    "consent_refused": {"consent_type": "sharing"},
    "consent_undecided": {"consent_type": "sharing"},
}


@pytest.mark.parametrize("code", NO)
def test_access_follows_consent(
    taken: HandOver, northgate: Acting, riverside: Acting, code: str
) -> None:
    no, yes = TAKEN + HOUR, TAKEN + 2 * HOUR
    with riverside.context():
        mine = Referral.objects.get()
    factories.record(riverside, mine, happening(code, no, **NO[code]), now=no)
    assert not reads(northgate, taken, at=no)
    with riverside.context():
        assert HandOver.objects.get().reading_ended_why == "consent"
    again = happening("consent_recorded", yes, consent_type="sharing")
    factories.record(riverside, mine, again, now=yes)
    assert not reads(northgate, taken, at=yes)  # it is asked for anew, with a new hand-over


def test_the_database_goes_by_consent_even_where_nobody_ended_it(
    taken: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    """An entry that stands by itself, as a list or a fault would leave it."""
    with riverside.context():
        WaitEvent.objects.create(
            referral=hers,
            code="consent_withdrawn",
            consent_type="sharing",
            happened_at=TAKEN + HOUR,
            recorded_at=TAKEN + HOUR,
            recorded_by=riverside.organisation,
            version=99,
        )
        assert HandOver.objects.get().reads_until == OVER
    assert not reads(northgate, taken, at=TAKEN + HOUR)


def test_who_spoke_for_a_child_does_not_speak_for_them_once_they_are_18(
    northgate: Acting, riverside: Acting
) -> None:
    spoke = happening("sharing_agreed_for", WEEK_AGO)
    birthday = date(2026, 11, 25)
    hers = shareable(northgate, events=[spoke], age_group="child", turns_18_on=birthday)
    row = ask(northgate, hers, riverside)
    accept(riverside, row)
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    assert reads(northgate, row, at=midnight - HOUR)
    assert not reads(northgate, row, at=midnight)


def test_it_ends_when_the_referral_is_restricted(
    taken: HandOver, northgate: Acting, riverside: Acting
) -> None:
    member = riverside.caseworker
    with riverside.context():
        mine = Referral.objects.get()
        restrict_referral(referral=mine, why="knows", named=[member.user_id], by=member, now=TAKEN)
    assert not reads(northgate, taken, at=TAKEN + HOUR)


def restricted_and_lifted(acting: Acting, of: Referral, *, at: datetime) -> None:
    member = acting.caseworker
    with acting.context():
        restrict_referral(referral=of, why="knows", named=[member.user_id], by=member, now=at)
        of.refresh_from_db()
        lift_restriction(referral=of, by=member, now=at + HOUR)


def test_what_a_restriction_ended_does_not_begin_again_when_it_is_lifted(
    taken: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    assert reads(northgate, taken, at=TAKEN + HOUR)
    restricted_and_lifted(riverside, hers, at=TAKEN + 2 * HOUR)
    assert not reads(northgate, taken, at=TAKEN + 4 * HOUR)
    with riverside.context():
        ended = HandOver.objects.get()
        assert not Referral.objects.get().restricted
    assert (ended.reading_ended_at, ended.reading_ended_by, ended.reading_ended_why) == (
        TAKEN + 2 * HOUR,
        None,
        "restricted",
    )


def test_what_was_restricted_after_it_was_asked_is_never_read_on(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=NOW)
    accept(riverside, row)
    with riverside.context():
        lift_restriction(referral=Referral.objects.get(), by=riverside.caseworker, now=TAKEN + HOUR)
        assert HandOver.objects.get().reading_ended_why == "restricted"
    assert not reads(northgate, row, at=TAKEN + 2 * HOUR)


def test_it_ends_when_the_referral_goes_on_and_does_not_revive_when_it_comes_back(
    taken: HandOver, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    at = TAKEN + HOUR
    for sender, receiver in ((riverside, thornfield), (thornfield, riverside)):
        with sender.context():
            mine = Referral.objects.get()
            [row] = ask_to_take(
                referral=mine, organisations=[receiver.organisation], by=sender.caseworker, now=at
            )
        at += HOUR
        accept(receiver, row, at=at)
        assert not reads(northgate, taken, at=at)


def test_of_a_restricted_referral_nobody_asks_to_read_on(
    hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    member = northgate.caseworker
    with northgate.context():
        restrict_referral(referral=hers, why="knows", named=[member.user_id], by=member, now=NOW)
    with pytest.raises(NobodyReadsOn):
        ask(northgate, hers, riverside)


@pytest.mark.parametrize("days", [0, 91])
def test_it_lasts_ninety_days_at_most(
    hers: Referral, northgate: Acting, riverside: Acting, days: int
) -> None:
    with pytest.raises(NobodyReadsOn):
        ask(northgate, hers, riverside, days=days)
    row = ask(northgate, hers, riverside, days=90)
    row.pk, row.receiver = None, row.receiver
    row.read_on_days = days
    with pytest.raises((IntegrityError, DataError)), northgate.context():
        row.save(force_insert=True)


def test_who_has_looked_says_that_they_read_on(
    taken: HandOver, hers: Referral, northgate: Acting, riverside: Acting
) -> None:
    assert reads(northgate, taken, at=TAKEN + HOUR)
    with riverside.context():
        [first, _] = AuditEntry.objects.filter(action=Action.READ_ON).order_by("number")
        assert (first.at, first.user, first.referral, first.subject) == (
            TAKEN + HOUR,
            None,
            hers.pk,
            f"hand-over {taken.pk}",
        )
    with northgate.context():
        [own] = AuditEntry.objects.filter(action=Action.READ_ON)
        assert own.user == northgate.caseworker.user_id
    looked = signed_in_client(riverside.manager.user).get(reverse("looked", args=[hers.reference]))
    line = looked.text.partition("read on, as the person agreed")[0][-120:]
    assert str(northgate.organisation) in line


def test_a_reading_that_is_refused_is_noted_nowhere(
    taken: HandOver, northgate: Acting, riverside: Acting, thornfield: Acting
) -> None:
    assert not reads(northgate, taken, at=OVER)
    assert not reads(thornfield, taken, at=TAKEN)
    for acting in (northgate, riverside, thornfield):
        with acting.context():
            assert not AuditEntry.objects.filter(action=Action.READ_ON).exists()


def fresh(northgate: Acting, riverside: Acting) -> tuple[Referral, HandOver]:
    """Handed over just now by the clock of pages."""
    at = datetime.now(UTC)
    agreed = happening("consent_recorded", at - DAY, consent_type="sharing")
    hers = referral(northgate, contact=at - DAY, events=[agreed], pseudonym="Quagga")
    with northgate.context():
        [row] = ask_to_take(
            referral=hers,
            organisations=[riverside.organisation],
            read_on_days=28,
            by=northgate.caseworker,
            now=at,
        )
    accept(riverside, row, at=at + timedelta(microseconds=1))
    return hers, row


def test_in_the_browser_they_read_on_until_it_is_ended(
    northgate: Acting, riverside: Acting
) -> None:
    hers, row = fresh(northgate, riverside)
    ash, bay, url = caseworker(northgate), caseworker(riverside), reverse("read_on", args=[row.pk])
    assert url in ash.get(reverse("asked_of_us")).text
    page = ash.get(url).text
    assert "Waits to enter" in page
    assert "Quagga" not in page
    theirs = bay.get(reverse("referral", args=[hers.reference])).text
    assert f"{northgate.organisation}</bdi> reads on until" in theirs
    end = reverse("end_reading", args=[hers.reference, row.pk])
    assert ash.post(end).status_code == 404
    assert "reads on no longer" in bay.post(end, {"because": "person"}, follow=True).text
    assert "There is nothing to read" in ash.get(url).text
    assert url not in ash.get(reverse("asked_of_us")).text


@pytest.mark.django_db(transaction=True)
def test_the_first_wall_alone_lets_nobody_else_read_on() -> None:
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    thornfield = factories.organisation("Thornfield House (fictitious)", "thornfield")
    hers, row = fresh(northgate, riverside)
    switch_second_wall_off()
    url, end = (
        reverse("read_on", args=[row.pk]),
        reverse("end_reading", args=[hers.reference, row.pk]),
    )
    outsider = caseworker(thornfield)
    assert outsider.get(url).status_code == 404
    assert outsider.post(end).status_code == 404
    assert caseworker(riverside).get(url).status_code == 404
    assert caseworker(northgate).post(end).status_code == 404
    assert "Waits to enter" in caseworker(northgate).get(url).text


ANSWERS: dict[str, tuple[Callable[[Acting, HandOver], object], list[str]]] = {
    "accepted": (accept, ["hand_over_sent", "hand_over_accepted"]),
    "declined": (
        lambda acting, row: decline_hand_over(
            hand_over=row, reason="scope", by=acting.caseworker, now=TAKEN
        ),
        ["hand_over_sent", "hand_over_declined"],
    ),
    "interested": (
        lambda acting, row: show_interest(hand_over=row, by=acting.caseworker, now=TAKEN),
        ["hand_over_sent", "hand_over_looked_at"],
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_stands_in_the_trail_of_who_asked_with_ids_alone(
    row: HandOver, hers: Referral, northgate: Acting, riverside: Acting, answer: str
) -> None:
    """What was disclosed, and when, is whole there; who answered there is theirs to know."""
    do, actions = ANSWERS[answer]
    with riverside.context():
        do(riverside, row)
    with northgate.context():
        entries = AuditEntry.objects.filter(subject=f"hand-over {row.pk}").order_by("number")
        assert [entry.action for entry in entries] == actions
        last = entries[1]
        assert (last.at, last.user, last.referral, last.fields, last.reason) == (
            TAKEN,
            None,
            hers.pk,
            [],
            "",
        )
