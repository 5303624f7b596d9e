"""What people wait for: days by cause, refusals, organisations tried, pauses, recording late."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from django.db.models import Count

from nrm_tracker.ui.charts import Bar, Part
from organisations.models import Membership
from referrals.catalogue import EventCode
from referrals.models import DelayFlag
from referrals.models.referral import ReferralQuerySet
from referrals.pages.causes import LABELS
from referrals.pages.listing import Chosen, narrowed
from referrals.ways.groups import LATE, RAISED
from referrals.ways.story import MANY, PAUSES, REFUSALS, WAY_IN, Story, codes, stories, tried_label
from reporting.links import Link, bars
from reporting.periods import Period
from reporting.small_numbers import Sum
from reporting.tables import Figure, Kind, Line, Table

DAYS = "days"  # of the way in, all of them


@dataclass(frozen=True, slots=True)
class Reasons:
    causes: Table
    parts: tuple[Part, ...]
    refusals: Table
    refused: tuple[Bar, ...]
    tried: Table
    taken: tuple[Bar, ...]
    pauses: Table
    net: Table
    late: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.causes, self.refusals, self.tried, self.pauses, self.net, self.late)


def reasons(
    membership: Membership,
    *,
    chosen: Chosen,
    filters: dict[str, str],
    period: Period,
    now: datetime,
) -> Reasons:
    """Of those who asked for help in the period and whom the filters choose."""
    link = Link(filters, period)
    months = {"asked_since": period.since, "asked_until": period.until}
    found = narrowed(membership, {**chosen, **months}, now=now)
    told = stories(found, now=now)
    counted = Counter(code for story in told for code in codes(story))
    causes, refusals, tried = (each(told, counted, link) for each in (_causes, _refusals, _tried))
    return Reasons(
        causes=causes,
        parts=_parts(causes),
        refusals=refusals,
        refused=bars((line for line in refusals.lines if line.figures[1].value), 1),
        tried=tried,
        taken=bars(tried.lines),
        pauses=_pauses(told, counted, link),
        net=_net(told, counted, link),
        late=_late(membership, found, link),
    )


def _days(told: Sequence[Story], *, cause: str = "", row: str = "") -> int:
    return sum(
        each.days
        for story in told
        for each in story.way_in
        if cause in {"", each.row.cause} and row in {"", each.row.code}
    )


def _causes(told: Sequence[Story], counted: Counter[str], link: Link) -> Table:
    whole = _days(told)
    lines = []
    for cause in WAY_IN:
        code, days = f"waited-{cause.value}", _days(told, cause=cause)
        people = Figure(counted[code], link(code))
        part = round(100 * days / whole) if whole else None
        figures = (
            people,
            Figure(days, link(code), kind=Kind.DAYS, name=f"{DAYS} {code}"),
            Figure(part, kind=Kind.SHARE, of=(DAYS,)),
        )
        lines.append(Line(LABELS[cause], figures))
    return Table(
        code="causes",
        title="Days by what was waited for",
        counted="Each day of the way in belongs to what was waited for as it began; it follows "
        "from what is recorded. A person is counted at each cause that took a day. Days on "
        "which a referral was closed are not counted.",
        head=("Waited for", "People", "Days", "Share of the days"),
        lines=tuple(lines),
        sums=(Sum(DAYS, tuple(f"{DAYS} waited-{cause.value}" for cause in WAY_IN)),),
        empty="The days of people's waits will appear here, by what they waited for.",
    )


def _parts(causes: Table) -> tuple[Part, ...]:
    return tuple(
        Part(line.label, days.value, cause.value, days.url)
        for cause, line in zip(WAY_IN, causes.lines, strict=True)
        if (days := line.figures[1]).value
    )


def _refusals(told: Sequence[Story], counted: Counter[str], link: Link) -> Table:
    times = Counter(code for story in told for code in story.refusals)
    lines = []
    for code in REFUSALS:
        url = link(f"refused-{code}")
        figures = (
            Figure(times[code], url, kind=Kind.TIMES),
            Figure(counted[f"refused-{code}"], url),
        )
        lines.append(Line(str(EventCode(code).label), figures))
    return Table(
        code="refusals",
        title="Organisations that could not take somebody",
        counted="Answers as they are recorded, each as often as it was given; and how many people "
        "were told so at least once.",
        head=("Answer", "Times", "People"),
        lines=tuple(lines),
        empty="Answers of organisations that could not take somebody will appear here, by reason.",
    )


def _tried(told: Sequence[Story], counted: Counter[str], link: Link) -> Table:
    lines = []
    for number in range(1, MANY + 1):
        figures = [
            Figure(counted[code], link(code))
            for code in (f"tried-{number}-taken", f"tried-{number}-not")
        ]
        lines.append(Line(tried_label(number).capitalize(), tuple(figures)))
    sums = [
        sum(1 for story in told if story.tried and story.taken is taken) for taken in (True, False)
    ]
    total = (Figure(sums[0], link("tried-taken")), Figure(sums[1], link("tried-not")))
    return Table(
        code="tried",
        title="Organisations tried before one took the person",
        counted="Other organisations that were asked, or answered, up to the first that accepted, "
        "that one too. Whose NRM referral was submitted is taken. “Not taken” counts those asked "
        "so far, or until it ended. People for whom nobody else was asked are not here.",
        head=("Asked", "People taken", "Not taken"),
        lines=(*lines, Line("All of them", total)),
        down=True,
        empty="How many organisations were asked for each person will appear here.",
    )


def _pauses(told: Sequence[Story], counted: Counter[str], link: Link) -> Table:
    lines = []
    for code, label in PAUSES.items():
        url = link(f"paused-{code}")
        days = Figure(_days(told, row=code), url, kind=Kind.DAYS, name=f"{DAYS} {code}")
        lines.append(Line(label, (Figure(counted[f"paused-{code}"], url), days)))
    return Table(
        code="pauses",
        title="Pauses",
        counted="People with a day or more of a pause on their way in, and the days. A day on "
        "which something else was awaited too belongs to the pause.",
        head=("Pause", "People", "Days"),
        lines=tuple(lines),
        empty="Time that survivors asked for, and holds, will be counted here.",
    )


def _net(told: Sequence[Story], counted: Counter[str], link: Link) -> Table:
    lines = []
    for code, label in (("days-entered", "Who entered"), ("days-not", "Who has not entered")):
        those = [each for each in told if code in codes(each)]
        gross, net = ([getattr(each, of) for each in those] for of in ("gross", "net"))
        url, rests_on = link(code), (len(those),)
        figures = (
            Figure(counted[code], url),
            Figure(sum(gross), url, kind=Kind.DAYS, name=f"{DAYS} {code}"),
            Figure(sum(net), url, kind=Kind.DAYS, name=f"net {code}"),
            Figure(median_low(gross) if gross else None, kind=Kind.DAYS, rests_on=rests_on),
            Figure(median_low(net) if net else None, kind=Kind.DAYS, rests_on=rests_on),
        )
        lines.append(Line(label, figures))
    return Table(
        code="net",
        title="The whole wait, and the wait without pauses",
        counted="Days of the way in so far, of people with a day or more; half of them had at most "
        "so many. “Without pauses” leaves out time that the survivor asked for and holds. These "
        "are plain sums and halves: of those who have not entered, the wait is not over.",
        head=(
            *("", "People", "Days, all together", "Days without pauses"),
            *("Half had at most, days", "Half without pauses, days"),
        ),
        lines=tuple(lines),
        sums=(
            Sum(DAYS, (f"{DAYS} days-entered", f"{DAYS} days-not")),
            Sum(DAYS, ("net days-entered", "net days-not", *(f"{DAYS} {each}" for each in PAUSES))),
        ),
        empty="Whole waits, and waits without their pauses, will be counted here.",
    )


def _late(membership: Membership, found: ReferralQuerySet, link: Link) -> Table:
    flags = DelayFlag.objects.visible_to(membership)
    raised = flags.filter(referral__in=found.order_by().values("id"))
    lines = []
    all_raised = raised.count()
    for code, label, those in (
        (RAISED, "Delays raised", raised),
        (LATE, "Of them, recorded late", raised.recorded_late()),
    ):
        number = those.aggregate(people=Count("referral", distinct=True), delays=Count("id"))
        people, times = number["people"], number["delays"]
        figures = (
            Figure(people, link(code)),
            Figure(times, link(code), kind=Kind.TIMES),
            Figure(round(100 * times / all_raised) if all_raised else None, kind=Kind.SHARE),
        )
        lines.append(Line(label, figures))
    return Table(
        code="late",
        title="Recorded late",
        counted="Delays that were raised and then taken back: what was waited for had happened in "
        "time, and was recorded afterwards. How much the other figures can be trusted hangs on it.",
        head=("", "People", "Delays", "Share of the delays"),
        lines=tuple(lines),
        empty="Delays that turn out to have been recorded late will be counted here.",
    )
