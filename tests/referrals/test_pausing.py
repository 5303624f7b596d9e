"""Waits stand still at the survivor's wish or by a manager's hold, one pause at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.actions import correct_wait_event, record_wait_events, sweep
from referrals.catalogue import EventCode, Outcome
from referrals.delays import Wait
from referrals.errors import EndsFirst, MayNotHold, NoPauseRuns, PausedAlready
from referrals.models import DelayFlag, Referral, WaitEvent
from referrals.pages.consequences import waits_of
from referrals.pages.pauses import effect_of
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, heron, moment, send, told
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
ASKED, HOLD = Outcome.SURVIVOR_ASKED, Outcome.SAFEGUARDING_HOLD
BLANK = {f"look_again_on_{i}": "" for i in range(3)}


def manager(acting: Acting) -> Client:
    return signed_in_client(acting.manager.user)


def paused(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/pause/"


def going_on(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/go-on/"


def on(days: int, name: str = "look_again_on") -> dict[str, object]:
    """A day so many from today, typed into the boxes."""
    day = london_date(datetime.now(UTC)) + timedelta(days=days)
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def start(
    acting: Acting, referral: Referral, ago: timedelta, kind: str = ASKED, **who: Membership
) -> None:
    now = datetime.now(UTC)
    began = happening("pause_started", now - ago, outcome=kind)
    by = who.get("by", acting.manager)
    with acting.context(by):
        record_wait_events(referral=referral, happenings=[began], by=by, now=now)


def end(acting: Acting, referral: Referral, ago: timedelta, **who: Membership) -> None:
    now = datetime.now(UTC)
    over, by = happening("pause_ended", now - ago), who.get("by", acting.manager)
    with acting.context(by):
        record_wait_events(referral=referral, happenings=[over], by=by, now=now)


def pauses(acting: Acting, referral: Referral) -> list[WaitEvent]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=referral, code__startswith="pause_").standing()
        return list(rows.order_by("happened_at", "id"))


def wait(acting: Acting, referral: Referral, rule: str) -> Wait:
    with acting.context():
        return next(w for w in waits_of(referral, now=datetime.now(UTC)) if w.rule == rule)


class TestTheSurvivorAsksForTime:
    def test_and_a_caseworker_records_it_with_a_reason_and_a_day(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        sent = send(client, paused(referral), detail="Wants to see a doctor first.", **on(10))
        assert sent.status_code == 302
        [began] = pauses(riverside, referral)
        assert (began.outcome, began.detail) == (ASKED, "Wants to see a doctor first.")
        assert began.look_again_on == london_date(datetime.now(UTC)) + 10 * DAY
        page = client.get(f"/referrals/{referral.reference}/").text
        assert "<strong>Time stands still</strong>" in page
        assert "the survivor asked for time" in page
        assert "Holds" in told(sent)[0]

    @pytest.mark.parametrize(
        ("missing", "error"),
        [
            ({"detail": ""}, "Enter the reason for the pause"),
            (BLANK, "Enter the date to look again"),
            (on(0), "Enter a day after today"),
            (on(29), "Enter a day after today"),
        ],
    )
    def test_not_without_a_reason_or_a_day_ahead(
        self, riverside: Acting, missing: dict[str, object], error: str
    ) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        answers = {"detail": "Needs time.", **on(28)} | missing
        page = send(client, paused(referral), **answers)
        assert page.status_code == 200
        assert error in page.text
        assert pauses(riverside, referral) == []

    def test_and_one_that_is_over_needs_no_day(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        now = datetime.now(UTC)
        answers = moment(now - 3 * DAY) | moment(now - DAY, "ended_at")
        assert send(client, paused(referral), detail="Was ill.", **answers).status_code == 302
        began, over = pauses(riverside, referral)
        assert (over.happened_at - began.happened_at) == 2 * DAY
        assert not wait(riverside, referral, "entry-wait").paused_now

    def test_and_it_does_not_end_before_it_began(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        answers = moment(now - DAY) | moment(now - 3 * DAY, "ended_at")
        page = send(caseworker(riverside), paused(referral), detail="Was ill.", **answers)
        assert "Enter a time after the pause began" in page.text
        assert pauses(riverside, referral) == []

    def test_and_the_door_of_events_leads_there(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        door = client.get(f"/referrals/{referral.reference}/record/pause_started/", follow=True)
        assert "The survivor asks for time" in door.text
        door = client.get(f"/referrals/{referral.reference}/record/pause_ended/", follow=True)
        assert "No pause runs: the clocks run." in door.text


class TestAHold:
    def test_is_a_managers_to_begin_and_to_end(self, riverside: Acting) -> None:
        referral = heron(riverside)
        with pytest.raises(MayNotHold):
            start(riverside, referral, DAY, HOLD, by=riverside.caseworker)
        assert pauses(riverside, referral) == []
        start(riverside, referral, DAY, HOLD)
        with pytest.raises(MayNotHold):
            end(riverside, referral, timedelta(), by=riverside.caseworker)
        end(riverside, referral, timedelta())
        assert [e.code for e in pauses(riverside, referral)] == ["pause_started", "pause_ended"]

    def test_is_the_safeguarding_leads_too(self, riverside: Acting) -> None:
        referral, lead = heron(riverside), factories.safeguarding_lead(riverside)
        start(riverside, referral, DAY, HOLD, by=lead)
        assert [e.outcome for e in pauses(riverside, referral)] == [HOLD]

    def test_is_not_made_of_a_wish_by_a_caseworkers_correction(self, riverside: Acting) -> None:
        referral = heron(riverside)
        start(riverside, referral, DAY, by=riverside.caseworker)
        [began] = pauses(riverside, referral)
        url = f"/referrals/{referral.reference}/events/{began.pk}/correct/"
        page = send(caseworker(riverside), url, outcome=HOLD, reason="Typed wrong")
        assert "Only a manager or the safeguarding lead" in page.text
        page = send(manager(riverside), url, outcome=HOLD, reason="Typed wrong")
        assert [e.outcome for e in pauses(riverside, referral)] == [HOLD]

    def test_a_caseworker_is_offered_no_hold(self, riverside: Acting) -> None:
        referral = heron(riverside)
        page = caseworker(riverside).get(paused(referral), follow=True)
        assert "kind" not in page.context["form"].fields
        sent = send(
            caseworker(riverside), paused(referral), kind=HOLD, detail="Needs time.", **on(5)
        )
        assert sent.status_code == 302
        assert [e.outcome for e in pauses(riverside, referral)] == [ASKED]

    def test_a_manager_says_whose_wish_it_is(self, riverside: Acting) -> None:
        referral = heron(riverside)
        page = send(manager(riverside), paused(referral), detail="Being followed.", **on(5))
        assert "Choose who wants the pause" in page.text
        send(manager(riverside), paused(referral), kind=HOLD, detail="Being followed.", **on(5))
        page = manager(riverside).get(f"/referrals/{referral.reference}/")
        assert "a manager holds, for safeguarding" in page.text


class TestOnePauseAtATime:
    def test_a_second_start_within_a_pause_is_refused(self, riverside: Acting) -> None:
        referral = heron(riverside)
        start(riverside, referral, 3 * DAY)
        with pytest.raises(PausedAlready, match="Their waits stand still since"):
            start(riverside, referral, DAY, HOLD)
        page = send(caseworker(riverside), paused(referral), detail="Again.", **on(5))
        assert "A second pause within it changes nothing" in page.text
        assert len(pauses(riverside, referral)) == 1

    def test_one_recorded_late_does_not_swallow_a_later_one(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        start(riverside, referral, 3 * DAY)
        end(riverside, referral, 2 * DAY)
        with pytest.raises(EndsFirst, match="say when this one ended"):
            start(riverside, referral, 5 * DAY)
        began, over = (
            happening("pause_started", now - 5 * DAY),
            happening("pause_ended", now - 4 * DAY),
        )
        factories.record(riverside, referral, began, over, now=now)
        assert len(pauses(riverside, referral)) == 4

    def test_an_end_without_a_pause_is_refused(self, riverside: Acting) -> None:
        referral = heron(riverside)
        with pytest.raises(NoPauseRuns):
            end(riverside, referral, DAY)
        start(riverside, referral, 3 * DAY)
        with pytest.raises(NoPauseRuns):
            end(riverside, referral, 4 * DAY)

    def test_a_start_and_an_end_of_the_same_minute_leave_nothing(self, riverside: Acting) -> None:
        referral, at = heron(riverside), datetime.now(UTC) - DAY
        began, over = happening("pause_started", at), happening("pause_ended", at)
        factories.record(riverside, referral, began, over, now=at + DAY)
        assert wait(riverside, referral, "entry-wait").paused == ()

    def test_a_start_is_not_corrected_beyond_its_end(self, riverside: Acting) -> None:
        """The clocks would stand still for ever, and nobody would have said so."""
        referral, now = heron(riverside), datetime.now(UTC)
        start(riverside, referral, 3 * DAY)
        end(riverside, referral, 2 * DAY)
        began, over = pauses(riverside, referral)
        facts = {"reason": "x", "by": riverside.caseworker, "now": now}
        later = happening("pause_started", now - DAY, outcome=ASKED)
        with riverside.context(), pytest.raises(NoPauseRuns):
            correct_wait_event(event=began, corrected=later, **facts)
        with riverside.context():
            correct_wait_event(event=began, corrected=None, **facts)
        assert not wait(riverside, referral, "entry-wait").paused
        assert [e.pk for e in pauses(riverside, referral)] == [over.pk]


def test_what_guards_safety_never_stops_and_the_page_says_so_before(riverside: Acting) -> None:
    risk = [happening("risk_flag_added", datetime.now(UTC) - DAY, risk="still_in_exploitation")]
    referral = heron(riverside, days=2, events=risk)
    with riverside.context():
        effect = effect_of(referral, now=datetime.now(UTC))
    assert not [line for line in effect.stops if line.startswith("Safety screen")]
    assert [line for line in effect.goes_on if line.startswith("Safety screen")]
    assert "Waiting list" in effect.would_stop
    start(riverside, referral, timedelta(hours=1))
    assert not wait(riverside, referral, "safety-screen-urgent").paused_now
    page = caseworker(riverside).get(paused(referral), follow=True).text
    assert "The clocks that guard a person's safety never stop" in page


def test_every_rule_of_a_wait_says_whether_a_pause_stops_it(riverside: Acting) -> None:
    referral = heron(riverside)
    with riverside.context():
        effect = effect_of(referral, now=datetime.now(UTC))
    said = {line.partition(":")[0] for line in (*effect.stops, *effect.goes_on)}
    assert said.isdisjoint({*effect.would_stop, *effect.never_stops})
    assert not set(effect.would_stop) & set(effect.never_stops)


def test_both_waits_are_shown_the_whole_one_and_what_counts(riverside: Acting) -> None:
    referral = heron(riverside, days=9)
    start(riverside, referral, 5 * DAY)
    end(riverside, referral, 2 * DAY)
    page = caseworker(riverside).get(f"/referrals/{referral.reference}/").text
    assert "6 of 14 days" in page
    assert "9 days in all; 3 days did not count" in page


def test_a_pause_of_28_days_is_itself_delayed(riverside: Acting) -> None:
    referral = heron(riverside, days=40)
    start(riverside, referral, 29 * DAY + timedelta(hours=1))
    with riverside.context():
        flag = DelayFlag.objects.standing().get(referral=referral, rule="pause-maximum")
    assert (flag.severity, flag.told) == ("red", "today")
    end(riverside, referral, timedelta())
    sweep(now=datetime.now(UTC))
    with riverside.context():
        assert not DelayFlag.objects.standing().filter(rule="pause-maximum").exists()


class TestLookingAgain:
    def test_is_on_today_from_the_day_before_and_only_while_it_runs(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        mine, theirs = heron(riverside), heron(northgate, pseudonym="Stoat")
        for acting, referral in ((riverside, mine), (northgate, theirs)):
            send(caseworker(acting), paused(referral), detail="Needs time.", **on(1))
        today = caseworker(riverside).get("/today/").text
        assert today.count("/go-on/") == 1
        assert going_on(mine) in today
        send(caseworker(riverside), going_on(mine), what="ended")
        assert "does the wait go on?" not in caseworker(riverside).get("/today/").text

    def test_ends_the_pause(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        start(riverside, referral, 3 * DAY)
        sent = send(client, going_on(referral), what="ended")
        assert "Goes on with" in told(sent)[0]
        assert "“Way in”, due" in told(sent)[0]
        assert [e.code for e in pauses(riverside, referral)] == ["pause_started", "pause_ended"]

    def test_or_sets_another_day_and_keeps_who_it_was(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        start(riverside, referral, 3 * DAY)
        [before] = pauses(riverside, referral)
        page = send(client, going_on(referral), what="stays")
        assert "Enter the date to look again" in page.text
        send(client, going_on(referral), what="stays", **on(7))
        [began] = pauses(riverside, referral)
        assert began.look_again_on == london_date(datetime.now(UTC)) + 7 * DAY
        assert (began.happened_at, began.outcome) == (before.happened_at, ASKED)
        assert wait(riverside, referral, "entry-wait").paused_now

    def test_of_a_hold_is_refused_to_a_caseworker_in_words(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        start(riverside, referral, 3 * DAY, HOLD)
        page = send(client, going_on(referral), what="ended")
        assert page.text.count("Only a manager or the safeguarding lead") >= 1
        assert len(pauses(riverside, referral)) == 1


def test_outsiders_find_nothing(riverside: Acting, northgate: Acting) -> None:
    referral, client = heron(riverside), caseworker(northgate)
    for url in (paused(referral), going_on(referral)):
        assert client.get(url).status_code == 404


def test_a_pause_of_before_there_were_kinds_is_the_survivors(riverside: Acting) -> None:
    referral, now = heron(riverside), datetime.now(UTC)
    old = happening(EventCode.PAUSE_STARTED, now - DAY)
    factories.record(riverside, referral, old, now=now)
    page = caseworker(riverside).get(f"/referrals/{referral.reference}/").text
    assert "the survivor asked for time" in page
