"""What a new version of a rule would change for one person, at the instant it takes effect."""

from dataclasses import dataclass, replace
from datetime import datetime

from referrals.delays.breach import Breach
from referrals.delays.engine import assess
from referrals.delays.rules import Rules
from referrals.delays.story import Story
from referrals.delays.threshold import SEVERITIES, Threshold
from referrals.delays.timeline import Timeline

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """Delays that would begin and that would end, and those that stand on, though the new version
    by itself would not call them delays. The worst comes first."""

    begins: tuple[Breach, ...]
    ends: tuple[Breach, ...]
    stays: tuple[Breach, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """The present versions of a rule and its family, those with the draft in place, and those with
    the draft as if it had always been so."""

    present: Rules
    then: Rules
    always: Rules

    @classmethod
    def of(cls, draft: Threshold, rules: Rules) -> "Change":
        """A family is judged together; nothing else can differ."""
        related = tuple(t for t in rules.thresholds if _related(t, draft))
        others = tuple(t for t in related if t.code != draft.code)
        always = (*others, replace(draft, effective_from=None))
        return cls(*(Rules(each, rules.calendars) for each in (related, (*related, draft), always)))

    def effect(self, timeline: Timeline, *, at: datetime) -> Effect:
        before, after, always = (
            _standing(timeline, rules, at=at) for rules in (self.present, self.then, self.always)
        )
        return Effect(
            begins=_only(after, before),
            ends=_only(before, after),
            stays=_only({key: after[key] for key in after.keys() & before.keys()}, always),
        )


def risks_at(timeline: Timeline, *, at: datetime) -> frozenset[str]:
    """The risks that stand at an instant."""
    return [step for step in Story(timeline, (), at).steps if step.at <= at][-1].facts.risks


def _related(threshold: Threshold, draft: Threshold) -> bool:
    same_family = bool(draft.family) and threshold.family == draft.family
    return threshold.code == draft.code or same_family


def _standing(timeline: Timeline, rules: Rules, *, at: datetime) -> dict[Key, Breach]:
    breaches, _ = assess(timeline, rules, now=at)
    return {(b.rule, b.severity, b.started_by): b for b in breaches if b.ended_at is None}


def _only(these: dict[Key, Breach], not_those: dict[Key, Breach]) -> tuple[Breach, ...]:
    found = [breach for key, breach in these.items() if key not in not_those]
    return tuple(sorted(found, key=lambda b: SEVERITIES.index(b.severity), reverse=True))
