"""How often somebody agreed to be in touch, and what the rule on contact makes of it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from referrals.delays import Breach, Event, breaches
from tests.referrals.timelines import RESPONSIBLE, RULES, event, london, of, timeline

FIRST = event("1 2026-03-02T10:00 initial_contact")
TALKED = event("2 2026-03-10T10:00 contact_made")
WITHDRAWN = event("4 2026-03-12T10:00 contact_interval_withdrawn")
AT_RISK = event("5 2026-03-11T10:00 risk_flag_added", risk="pregnant")
SUMMER = london("2026-07-01 10:00")


def agreed(days: int) -> Event:
    return event("3 2026-03-10T10:05 contact_interval_agreed", every_days=days)


def late(*events: Event, now: datetime = SUMMER) -> list[Breach]:
    found = of("lost-contact", breaches(timeline(FIRST, *events), RULES, now=now))
    return [breach for breach in found if breach.ended_at is None]


@pytest.mark.parametrize(
    ("days", "last"),
    [(1, "2026-03-12"), (10, "2026-03-21"), (28, "2026-04-08"), (56, "2026-05-06")],
)
def test_the_agreed_days_count_instead_of_ours(days: int, last: str) -> None:
    [found] = late(TALKED, agreed(days))
    assert (found.severity, found.breached_at) == ("amber", london(f"{last} 00:00"))


@pytest.mark.parametrize(
    ("days", "last"), [(3, "2026-03-14"), (7, "2026-03-18"), (30, "2026-03-18")]
)
def test_at_risk_an_agreement_brings_the_limit_forward_and_never_puts_it_off(
    days: int, last: str
) -> None:
    [found] = late(TALKED, agreed(days), AT_RISK)
    assert found.breached_at == london(f"{last} 00:00")


def test_to_agree_is_to_be_in_touch() -> None:
    [found] = late(agreed(14))
    assert (found.started_by, found.started_at) == (3, agreed(14).happened_at)


def test_a_withdrawn_interval_counts_no_more_and_is_no_contact() -> None:
    [found] = late(TALKED, agreed(40), WITHDRAWN)
    assert (found.started_by, found.breached_at) == (3, london("2026-04-08 00:00"))


def test_what_was_late_by_the_agreement_stays_late_until_it_is_withdrawn() -> None:
    soon = [TALKED, agreed(1)]
    [before] = late(*soon, now=london("2026-03-12 09:00"))
    assert before.breached_at == london("2026-03-12 00:00")
    assert late(*soon, WITHDRAWN, now=london("2026-03-12 11:00")) == []


def test_a_later_agreement_stands_in_place_of_the_former() -> None:
    later = event("6 2026-03-20T10:00 contact_interval_agreed", every_days=5)
    [found] = late(agreed(40), later)
    assert found.breached_at == london("2026-03-26 00:00")


def test_whoever_is_out_of_contact_is_not_late_whatever_was_agreed() -> None:
    assert late(agreed(5), event("6 2026-03-20T10:00 contact_lost")) == []


class TestADecisionThatBecameAYes:
    """A reconsideration that says yes begins what a positive decision begins: rules 25 and 26."""

    NO = event("2 2026-03-02T12:00 rg_decision", outcome="negative")
    YES = event("3 2026-04-01T12:00 reconsideration_decided", outcome="positive")
    CG = event("4 2026-04-10T12:00 cg_decision", outcome="negative")

    def found(self, *events: Event) -> list[tuple[str, str, int]]:
        everything = breaches(timeline(FIRST, *events), RULES, now=london("2026-11-01 10:00"))
        rules = ("recovery-end", "cg-age")
        return [(b.rule, b.severity, b.started_by) for b in everything if b.rule in rules]

    def test_begins_the_recovery_period_and_the_wait_for_the_next_decision(self) -> None:
        assert self.found(self.NO) == []
        assert self.found(self.NO, self.YES) == [
            ("recovery-end", "info", 3),
            ("cg-age", "info", 3),
        ]

    def test_a_reconsideration_that_says_no_begins_nothing(self) -> None:
        assert self.found(self.NO, self.YES._replace(outcome="negative")) == []

    def test_a_yes_that_changes_nothing_begins_nothing_whoever_was_judged_before(self) -> None:
        """Equal facts may have come about in two ways: by a date, or from the beginning."""
        yes = event("2 2026-03-10T12:00 rg_decision", outcome="positive")
        again = event("3 2026-04-01T12:00 reconsideration_decided", outcome="positive")
        ended = replace(RESPONSIBLE, designated=((date(2020, 1, 1), date(2026, 3, 20)),))
        for who in (ended, replace(RESPONSIBLE, designated=())):
            story = timeline(FIRST, yes, again, responsible=[who])
            found = of("recovery-end", breaches(story, RULES, now=SUMMER))
            assert [breach.started_by for breach in found] == [2]

    def test_the_reconsideration_of_a_conclusive_decision_begins_nothing_anew(self) -> None:
        yes = self.NO._replace(outcome="positive")
        again = event("5 2026-05-10T12:00 reconsideration_decided", outcome="positive")
        assert self.found(yes, self.CG, again) == [("recovery-end", "info", 2)]

    def test_counts_from_the_date_on_its_letter(self) -> None:
        dated = self.YES._replace(dated_on=london("2026-03-25 12:00").date())
        everything = breaches(
            timeline(FIRST, self.NO, dated), RULES, now=london("2026-11-01 10:00")
        )
        [end] = of("recovery-end", everything)
        assert end.breached_at == london("2026-04-25 00:00")
