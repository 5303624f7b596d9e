"""Who is told of which delay here: what each threshold says, and what the organisation chose."""

from dataclasses import dataclass

from organisations.models import Membership
from referrals.catalogue import Severity
from referrals.delays import Threshold
from referrals.models import Told
from referrals.stages import RULES_OF
from referrals.thresholds import all_thresholds
from referrals.told import chosen_levels, usual_levels


@dataclass(frozen=True, slots=True)
class LevelRow:
    severity: str
    words: str  # of the severity
    usual: str
    chosen: str  # "" where it is as usual


@dataclass(frozen=True, slots=True)
class RuleRow:
    code: str
    title: str
    levels: tuple[LevelRow, ...]


@dataclass(frozen=True, slots=True)
class StageRows:
    title: str
    rules: tuple[RuleRow, ...]


def told_page(membership: Membership) -> list[StageRows]:
    newest = {threshold.code: threshold for threshold in all_thresholds()}
    chosen = chosen_levels([membership.organisation_id])
    return [
        StageRows(
            title=str(stage.label),
            rules=tuple(_row(newest[code], membership, chosen) for code in rules if code in newest),
        )
        for stage, rules in RULES_OF.items()
    ]


def _row(
    threshold: Threshold, membership: Membership, chosen: dict[tuple[int, str, str], str]
) -> RuleRow:
    return RuleRow(
        code=threshold.code,
        title=threshold.title,
        levels=tuple(
            LevelRow(
                severity=severity,
                words=str(Severity(severity).label),
                usual=str(Told(usual).label),
                chosen=_label(
                    chosen.get((membership.organisation_id, threshold.code, severity), "")
                ),
            )
            for severity, usual in usual_levels(threshold).items()
        ),
    )


def _label(told: str) -> str:
    return str(Told(told).label) if told else ""
