"""What a rule or a limit may ask of the facts of a person: one entry of CONDITIONS for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from referrals.delays.facts import Facts

ConditionSpec = Mapping[str, object]
Test = Callable[[Facts], bool]


def _words(value: object) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else cast(Sequence[str], value))


def _age(value: object) -> Test:
    child = value == "child"
    return lambda facts: facts.child == child


def _nations(value: object) -> Test:
    nations = _words(value)
    return lambda facts: facts.nation in nations


def _any_risk(value: object) -> Test:
    risks = _words(value)
    return lambda facts: not risks.isdisjoint(facts.risks)


def _no_risk(value: object) -> Test:
    risks = _words(value)
    return lambda facts: risks.isdisjoint(facts.risks)


def _consent(value: object) -> Test:
    states = cast(Mapping[str, Sequence[str]], value)
    wanted = [{(kind, state) for state in states[kind]} for kind in states]
    return lambda facts: all(not pairs.isdisjoint(facts.consents) for pairs in wanted)


def _decision_maker(value: object) -> Test:
    devolved = value == "devolved"
    return lambda facts: (facts.decision_maker == "devolved") == devolved


def _reasonable_grounds(value: object) -> Test:
    return lambda facts: facts.reasonable_grounds == value


def _submitted(value: object) -> Test:
    return lambda facts: facts.submitted == value


def _designated(value: object) -> Test:
    return lambda facts: facts.designated == value


def _duty_to_notify(value: object) -> Test:
    return lambda facts: facts.duty_to_notify == value


CONDITIONS: dict[str, Callable[[object], Test]] = {
    "age": _age,  # child (might be under 18 included) or adult
    "nations": _nations,
    "any_risk": _any_risk,
    "no_risk": _no_risk,
    "consent": _consent,  # {type: [states]}: the latest answer of that type
    "decision_maker": _decision_maker,  # devolved, or any other word for "not devolved"
    "reasonable_grounds": _reasonable_grounds,  # outcome of the latest decision
    "submitted": _submitted,  # an NRM referral was submitted at some time before
    "designated": _designated,  # the responsible organisation, on that day
    "duty_to_notify": _duty_to_notify,  # the responsible organisation has it
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts that must all hold. Judged at each instant."""

    tests: tuple[Test, ...]

    @classmethod
    def from_spec(cls, spec: ConditionSpec) -> "Condition":
        unknown = spec.keys() - CONDITIONS.keys()
        if unknown:
            raise ValueError(f"Unknown condition: {', '.join(sorted(unknown))}")
        return cls(tuple(CONDITIONS[key](value) for key, value in spec.items()))

    def holds(self, facts: Facts) -> bool:
        return all(test(facts) for test in self.tests)
