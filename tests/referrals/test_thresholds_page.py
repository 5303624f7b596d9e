"""The thresholds in words."""

from datetime import UTC, datetime

import pytest

from nrm_tracker.database import purpose
from referrals.models import ThresholdVersion
from referrals.pages.limits import Rule, groups
from tests import factories
from tests.support import signed_in_client


def rules() -> dict[str, Rule]:
    return {rule.code: rule for group in groups() for rule in group.rules}


def line(rule: Rule, key: str) -> str:
    [value] = [each.value for each in rule.newest.lines if each.key == key]
    return value


def test_every_rule_is_shown_once(db: None) -> None:
    codes = [rule.code for group in groups() for rule in group.rules]
    stored = set(ThresholdVersion.objects.values_list("code", flat=True))
    assert sorted(codes) == sorted(stored)
    assert len(codes) == len(stored)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("safety-screen-urgent", "4 hours: critical"),
        (
            "child-entry-wait",
            "5 working days: delayed; 10 working days: seriously delayed",
        ),
        (
            "entry-wait",
            "14 days: delayed; 28 days: seriously delayed; 56 days: critical",
        ),
        ("la-acknowledgement", "1 working day: seriously delayed"),
        ("refusals", "3 times no capacity or no answer: seriously delayed"),
        ("draft-deletion", "3 days before the end of day 28: critical"),
        (
            "turning-18",
            "100 days before the 18th birthday: for information; 28 days before the 18th "
            "birthday: delayed; 7 days before the 18th birthday: seriously delayed",
        ),
        (
            "emergency-request",
            "4 hours (destitute now or street homeless): critical; 24 hours (likely to be "
            "exploited again within days): seriously delayed",
        ),
        (
            "lost-contact",
            "7 days (at risk), or sooner where that is agreed with the person: delayed; 28 days, "
            "or the interval agreed with the person: delayed",
        ),
    ],
)
def test_limits_read_as_words(db: None, code: str, words: str) -> None:
    assert line(rules()[code], "Limits") == words


def test_each_says_what_it_rests_on_who_is_told_and_what_does_not_count(db: None) -> None:
    entry = rules()["entry-wait"]
    assert line(entry, "Basis").startswith("House policy")
    assert line(entry, "Who is told") == (
        "Delayed: in lists; seriously delayed, critical: on the Today list"
    )
    assert line(entry, "Who can end the wait") == "Us or a First Responder Organisation"
    assert line(entry, "Time that does not count") == (
        "Stops while the survivor has asked for time. Stands still while an adult's answer to the "
        "NRM is no."
    )
    screen = rules()["safety-screen"]
    assert line(screen, "Time that does not count") == "None: the clock does not stop."


def test_a_newer_version_stands_above_the_older_one(db: None) -> None:
    with purpose("nrm_register"):
        first = ThresholdVersion.objects.get(code="entry-wait")
        ThresholdVersion.objects.create(
            code="entry-wait",
            number=first.number,
            effective_from=datetime(2027, 1, 4, tzinfo=UTC),
            definition=first.definition
            | {"limits": [{"severity": "red", "n": 21, "unit": "cd", "told": "today"}]},
        )
    entry = rules()["entry-wait"]
    assert line(entry, "Limits") == "21 days: seriously delayed"
    assert [str(version.since) for version in (entry.newest, *entry.older)] == [
        "2027-01-04",
        "None",
    ]


def test_every_role_may_read_it(riverside: factories.Acting) -> None:
    for member in (riverside.caseworker, riverside.manager, factories.administrator()):
        page = signed_in_client(member.user).get("/thresholds/")
        assert page.status_code == 200
        assert "How time is counted" in page.text
        assert '<section id="entry-wait"' in page.text
