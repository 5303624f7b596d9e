"""How long people wait: the figures of one organisation's own people, each with its list."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.db.models import Q

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.charts import Bar, Point
from organisations.models import Membership
from referrals.models.referral import ReferralQuerySet
from referrals.pages.listing import Chosen, month_begins, month_ends, narrowed
from referrals.ways.reading import ways
from referrals.ways.way import WITHIN, Counted, Step, counted
from reporting.estimate import HALF, Spell, days_until
from reporting.groups import Group, sentence
from reporting.links import Link, bars
from reporting.periods import Period, month_in_words
from reporting.present import ageing, falls_due
from reporting.small_numbers import Sum
from reporting.tables import Figure, Kind, Line, Table, share

AHEAD = timedelta(days=20)  # holds five working days, whatever the holidays
STEP_FROM = ("First contact", *(str(step.label) for step in Step))
WAY_OUT = ("entered", "waiting", "lost", "ended")
WAY_OUT_HEAD = ("Entered", "Still waiting", "Left before entry", "Ended otherwise")
PERIOD, BEFORE = "period", "before"  # names of the figures of those who asked then
ENTRY_HEAD = ("Half had waited at least, days", "Nine in ten had entered after, days")
SHARES_HEAD = ("Share that left before entry", "Share entered within 28 days")


@dataclass(frozen=True, slots=True)
class Waits:
    said: str  # the headline, in words
    compared: Table
    months: Table
    points: tuple[Point, ...]
    sentences: tuple[str, ...]
    within: Table
    steps: Table
    ageing: Table
    ages: tuple[Bar, ...]
    due: Table
    falls: tuple[Bar, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.compared, self.months, self.within, self.steps, self.ageing, self.due)


def waits(
    membership: Membership,
    *,
    chosen: Chosen,
    filters: dict[str, str],
    period: Period,
    now: datetime,
) -> Waits:
    """Of those whom the filters (`chosen`, and as the address has them) choose: who asked for help
    in the period, and, of whom waits or falls due now, whenever they asked."""
    today = london_date(now)
    everybody = narrowed(membership, chosen, now=now)
    read = ways(_concerned(everybody, period, now=now), now=now)
    found = [counted(way, today=today) for way in read]
    asked = _by_month(found)
    earlier = period.before
    by_month = {month: Group.of(asked[month]) for month in period.months()}
    mine, before = (
        Group.of(chain.from_iterable(asked[month] for month in those.months()))
        for those in (period, earlier)
    )
    present = Counter(chain.from_iterable(each.codes for each in found))
    link, then = Link(filters, period), Link(filters, earlier)
    always = Link(filters, None)
    aged, due = ageing(present, always), falls_due(present, always, today=today)
    return Waits(
        said=sentence(mine, period.in_words),
        compared=_compared(mine, before, link, then),
        months=_months(by_month, mine, link),
        points=_points(by_month, link),
        sentences=tuple(sentence(each, f"in {month_in_words(m)}") for m, each in by_month.items()),
        within=_within(mine, link),
        steps=_steps(mine, link),
        ageing=aged,
        ages=bars(aged.lines[:-1]),
        due=due,
        falls=bars(due.lines[:-1]),
    )


def _concerned(found: ReferralQuerySet, period: Period, *, now: datetime) -> ReferralQuerySet:
    since, until = month_begins(period.before.since), month_ends(period.until)
    asked = Q(first_contact_at__gte=since, first_contact_at__lt=until)
    waiting = Q(submitted_at__isnull=True)
    due = Q(next_deadline_at__gt=now, next_deadline_at__lt=now + AHEAD)
    return found.filter(asked | (Q(closed_at__isnull=True) & (waiting | due)))


def _by_month(people: Iterable[Counted]) -> dict[str, list[Counted]]:
    found: dict[str, list[Counted]] = defaultdict(list)
    for each in people:
        found[each.way.asked.isoformat()[:7]].append(each)
    return found


def _entry(group: Group, *, named: str = "") -> tuple[Figure, Figure]:
    """Of all those counted under this name, if it has one."""
    rests_on, of = (group.number,), _all_of(named) if named else ()
    return (
        Figure(group.half, kind=Kind.DAYS, rests_on=rests_on, of=of),
        Figure(group.nine_in_ten, kind=Kind.DAYS, rests_on=rests_on, of=of),
    )


def _all_of(named: str) -> tuple[str, ...]:
    return tuple(f"{named} {code}" for code in ("asked", *WAY_OUT))


def _came(group: Group, link: Callable[..., str], *, named: str = "", **more: str) -> list[Figure]:
    """How many asked for help, and what became of them; named where they are shown twice."""
    found = [Figure(group.number, link(**more), name=named and f"{named} asked")]
    for code in WAY_OUT:
        name = named and f"{named} {code}"
        found.append(Figure(group.counted[code], link(code, **more), name=name))
    return found


def _compared(mine: Group, before: Group, link: Link, then: Link) -> Table:
    columns = [
        (*_came(group, to, named=named), *_entry(group, named=named), *_shares(group, named=named))
        for named, (group, to) in {PERIOD: (mine, link), BEFORE: (before, then)}.items()
    ]
    rows = ("Asked for help", *WAY_OUT_HEAD, *ENTRY_HEAD, *SHARES_HEAD)
    pairs = zip(*columns, strict=True)
    lines = [Line(row, pair) for row, pair in zip(rows, pairs, strict=True)]
    wholes = [_all_of(named) for named in (PERIOD, BEFORE)]
    return Table(
        code="compared",
        title="This period, and the one before",
        counted="The period before has as many months, and ends where this one begins. Who asked "
        "for help lately has had less time to enter.",
        head=("", "This period", "The period before"),
        lines=tuple(lines),
        sums=tuple(Sum(asked, tuple(parts)) for asked, *parts in wholes),
    )


def _shares(group: Group, *, named: str) -> tuple[Figure, Figure]:
    """Who entered within 28 days is among those who entered: their share says at least how many."""
    codes = ("asked", "entered", "time-28", "within-28", "not-within-28")
    return (
        share(group.counted["lost"], group.number, of=(f"{named} lost", f"{named} asked")),
        share(
            group.counted["within-28"],
            group.counted["time-28"],
            of=tuple(f"{named} {code}" for code in codes),
        ),
    )


def _months(by_month: dict[str, Group], mine: Group, link: Link) -> Table:
    lines = [
        Line(
            f"{date.fromisoformat(f'{month}-01'):%b %Y}",
            (*_came(each, link, asked_since=month, asked_until=month), *_entry(each)),
        )
        for month, each in by_month.items()
    ]
    total = Line("All of them", (*_came(mine, link, named=PERIOD), *_entry(mine, named=PERIOD)))
    return Table(
        code="months",
        title="The wait to enter, by month of asking for help",
        counted="From the first contact to the NRM referral, in days. Half and nine in ten are "
        "estimated after Kaplan and Meier: people who still wait count for as long as they have "
        "waited, people who left or were closed before entry until that day. “Left before entry” "
        "is closed because they did not want to go on, were out of contact, or moved away. “Ended "
        "otherwise” is closed for another reason, or a Duty to Notify.",
        head=("Asked for help in", "Asked for help", *WAY_OUT_HEAD, *ENTRY_HEAD),
        lines=(*lines, total),
        across=(0, (1, 2, 3, 4)),
        down=True,
    )


def _points(by_month: dict[str, Group], link: Link) -> tuple[Point, ...]:
    return tuple(
        Point(
            label=f"{date.fromisoformat(f'{month}-01'):%b %Y}",
            median=each.half,
            slowest=each.nine_in_ten,
            url=link(asked_since=month, asked_until=month),
        )
        for month, each in by_month.items()
    )


def _within(mine: Group, link: Link) -> Table:
    lines = []
    for limit in WITHIN:
        time, done, late = (
            Figure(mine.counted[code], link(code), name=f"{PERIOD} {code}")
            for code in (f"time-{limit}", f"within-{limit}", f"not-within-{limit}")
        )
        lines.append(
            Line(f"{limit} days", (time, done, late, share(done.value or 0, time.value or 0)))
        )
    return Table(
        code="within",
        title="Entered within 14, 28 and 56 days",
        counted="Of those who asked for help longer ago than that. Who left before entry, or was "
        "closed, is among those who did not.",
        head=("Within", "Asked longer ago", "Entered in time", "Did not", "Share in time"),
        lines=tuple(lines),
        across=(0, (1, 2)),
    )


def _steps(mine: Group, link: Link) -> Table:
    lines = []
    segments = [segment for each in mine.people for segment in each.segments]
    for place, step in enumerate(Step):
        seen = [each for each in segments if each.place == place]
        half = days_until(HALF, (Spell(each.days, each.state == "done") for each in seen))
        figures = [
            Figure(mine.counted[code], link(code))
            for code in (f"{step.value}-{state}" for state in ("done", "now", "without"))
        ]
        took = Figure(half, kind=Kind.DAYS, rests_on=(len(seen),))
        lines.append(Line(f"{STEP_FROM[place]} → {step.label}", (*figures, took)))
    return Table(
        code="steps",
        title="Each part of the wait",
        counted="Between the first of each step that is recorded. Half is estimated as for the "
        "whole wait: who waits for the next step counts so far, and who entered, left or was "
        "closed without it until then. Where the later step is recorded before the earlier one, "
        "the person is not counted here.",
        head=(
            *("From one step to the next", "Came to it", "Still waiting for it"),
            *("Way ended without it", "Half took at least, days"),
        ),
        lines=tuple(lines),
    )
