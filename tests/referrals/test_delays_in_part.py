"""A changed rule is judged with its family, and no other: the parts say what the whole says."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.delays import Rules, Threshold, assess, breaches
from tests.referrals import oracle
from tests.referrals.test_delays_against_oracle import of_engine
from tests.referrals.timelines import DEFINITIONS, RULES, WITH_PAUSES, judged_by

IN_FAMILIES = [rule for rule in RULES.thresholds if rule.family]


def newer(rule: Threshold, at: datetime) -> Threshold:
    """A later version of the rule: for everybody, with limits that are half as long again."""
    definition = DEFINITIONS[rule.code]
    limits = [limit | {"n": limit["n"] * 3 // 2 + 1} for limit in definition["limits"]]
    return Threshold.from_definition(
        code=rule.code, effective_from=at, definition=definition | {"limits": limits, "applies": {}}
    )


def parts(rules: Rules) -> list[Rules]:
    """Each rule once: what a change of it can concern, in the order of the codes."""
    found = {}
    for rule in rules.thresholds:
        part = rules.on_account_of(rule.code)
        found[part.only] = part
    return list(found.values())


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(oracle.cases(), st.lists(st.sampled_from(IN_FAMILIES), max_size=2, unique=True), st.data())
def test_every_part_of_the_rules_says_of_itself_what_the_whole_says(case, changed, data):
    timeline, now = case
    ago = st.integers(-20, 60).map(lambda days: now - timedelta(days=days))
    whole = judged_by(*WITH_PAUSES.thresholds, *(newer(r, data.draw(ago)) for r in changed))
    breaches, deadline = assess(of_engine(timeline), whole, now=now)
    deadlines = [deadline]
    for part in parts(whole):
        of_the_part, its_deadline = assess(of_engine(timeline), part, now=now)
        assert of_the_part == [breach for breach in breaches if breach.rule in part.only]
        deadlines.append(its_deadline)
    assert deadline == min((at for at in deadlines if at), default=None)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(oracle.cases(), st.sampled_from(RULES.thresholds), st.integers(-20, 60))
def test_what_is_left_out_is_what_the_change_cannot_concern(case, rule, ago):
    timeline, now = case
    after = judged_by(*WITH_PAUSES.thresholds, newer(rule, now - timedelta(days=ago)))
    judged = after.on_account_of(rule.code).only
    old, new = (
        [b for b in breaches(of_engine(timeline), by, now=now) if b.rule not in judged]
        for by in (WITH_PAUSES, after)
    )
    assert old == new


def test_a_rule_without_a_family_is_judged_alone() -> None:
    alone, *_ = [rule for rule in RULES.thresholds if not rule.family]
    assert RULES.on_account_of(alone.code).only == {alone.code}


def test_a_rule_is_judged_with_all_that_shared_a_family_with_one_of_its_versions() -> None:
    alone, *_ = [rule for rule in RULES.thresholds if not rule.family]
    one, *_ = IN_FAMILIES
    family = {rule.code for rule in IN_FAMILIES if rule.family == one.family}
    assert len(family) > 1
    assert RULES.on_account_of(one.code).only == family
    joined = replace(alone, family=one.family)
    both = judged_by(*RULES.thresholds, joined)
    assert both.on_account_of(alone.code).only == {alone.code, *family}
