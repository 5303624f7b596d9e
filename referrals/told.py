"""Who is told of a delay: what the threshold says, unless the organisation chose for itself."""

from collections.abc import Iterable

from referrals.delays import SEVERITIES, TOLD, Threshold
from referrals.models import ToldChoice

Level = tuple[int, str, str]  # organisation, rule, severity
LOUD = ("at_once", "today")


def chosen_levels(organisations: Iterable[int]) -> dict[Level, str]:
    """What these organisations (ids) chose; one query."""
    rows = ToldChoice.objects.filter(organisation__in=set(organisations)).standing()
    return {
        (organisation, rule, severity): told
        for organisation, rule, severity, told in rows.values_list(
            "organisation_id", "rule", "severity", "told"
        )
        if told
    }


def usual_levels(threshold: Threshold) -> dict[str, str]:
    """What the threshold says, by severity, the worst first; the first limit of each speaks."""
    said = {limit.severity: limit.told for limit in reversed(threshold.limits)}
    return {severity: said[severity] for severity in reversed(SEVERITIES) if severity in said}


def levels_to_choose(*, severity: str, usual: str) -> tuple[str, ...]:
    """What an organisation may choose. What asks for somebody at once, and what is critical, goes
    no lower than the Today list: a rule that nobody hears of guards nobody."""
    guarded = usual == "at_once" or severity == SEVERITIES[-1]
    return LOUD if guarded else TOLD
