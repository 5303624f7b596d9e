"""What a person's wait waited for, day by day: a bar and the table that it draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.charts import Part
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Organisation
from referrals.delays.cause import TABLE, Cause, Causes, Stretch, causes
from referrals.timelines import Case

LABELS: dict[Cause, str] = {
    Cause.FRO: "An organisation's capacity or answer",
    Cause.INTERPRETER: "An interpreter",
    Cause.SURVIVOR: "Time the survivor asked for",
    Cause.LOCAL_AUTHORITY: "The local authority",
    Cause.LEGAL_ADVICE: "Legal advice",
    Cause.HOME_OFFICE: "The Home Office's decision",
    Cause.BEFORE: "Another organisation, which was responsible",
    Cause.US: "Us",
}


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """`parts` add up to the way in, and the days of the decision after it."""

    parts: list[Part]
    total: str
    stretches: list[str]  # in order, each "3 days from Monday 2 March: An organisation's answer"
    reasons: list[tuple[str, str]]  # of the causes that occur: what, and why it counts so


def waited_for(case: Case, *, now: datetime) -> WaitedFor | None:
    """None before a whole day has begun."""
    found = causes(case.timeline, own=case.holder, now=now)
    stretches = [*found.way_in, *found.decision]
    if not stretches:
        return None
    rows = {stretch.row.code for stretch in stretches}
    others = {stretch.whose for stretch in stretches if stretch.whose}
    names = {row.pk: str(row) for row in Organisation.objects.filter(id__in=others)}
    return WaitedFor(
        parts=parts_of(stretches),
        total=_total(found),
        stretches=[_stretch(each, names, now=now) for each in stretches],
        reasons=[(row.words, row.reason) for row in TABLE if row.code in rows],
    )


def parts_of(stretches: Iterable[Stretch]) -> list[Part]:
    """Days by cause, in the order of the table; causes without a day are left out."""
    days = dict.fromkeys(Cause, 0)
    for stretch in stretches:
        days[stretch.row.cause] += stretch.days
    return [
        Part(label=LABELS[cause], value=days[cause], tone=cause.value)
        for cause in Cause
        if days[cause]
    ]


def _total(found: Causes) -> str:
    decision = sum(stretch.days for stretch in found.decision)
    after = f", then {count(decision, 'day')} for the decision" if decision else ""
    return f"{count(found.days, 'day')} of the way in{after}"


def _stretch(stretch: Stretch, names: Mapping[int, str], *, now: datetime) -> str:
    since = day_in_words(london_date(stretch.since), today=london_date(now))
    whose = f" ({names[stretch.whose]})" if stretch.whose else ""
    return f"{count(stretch.days, 'day')} from {since}: {stretch.row.words}{whose}"
