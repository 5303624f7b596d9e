"""Every figure worked out again from the entries alone, on another path; and each is its list."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from nrm_tracker.calendars import LONDON
from referrals.models import DelayFlag, Referral, WaitEvent
from reporting.tables import UNSAID, Kind, Table
from tests import factories
from tests.conftest import NOW, Lasting
from tests.factories import Acting
from tests.reporting.people import crowd
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DAY = timedelta(days=1)
LEFT = {"left_before_entry", "out_of_contact", "moved_away"}
LONG = {"asked_since": "2025-01", "asked_until": "2026-11"}


@pytest.fixture(scope="module")
def world(lasting: Lasting) -> Iterator[Acting]:
    """Forty-one people of Riverside's; and as many of Northgate's, whom nobody here counts."""

    def make() -> Acting:
        riverside, northgate, *others = (
            factories.organisation(name, name.lower())
            for name in ("Riverside", "Northgate", "A", "B", "C", "D", "E")
        )
        crowd(riverside, [northgate, *others], number=40)
        crowd(northgate, [riverside], number=40, seed=8)
        return riverside

    with lasting(make) as made:
        yield made


@pytest.fixture
def here(world: Acting, db: None) -> Acting:
    return world


def tables(acting: Acting, **asked: str) -> dict[str, Table]:
    client = signed_in_client(acting.manager.user)
    waits = client.get("/figures/", asked).context["waits"]
    reasons = client.get("/figures/why/", asked).context["reasons"]
    return {table.code: table for table in (*waits.tables, *reasons.tables)}


def shown(table: Table) -> list[list[str]]:
    return [[figure.text for figure in line.figures] for line in table.lines]


# The independent path: entries, one person after another, in plain loops


class Person:
    """What the entries of one person say."""

    def __init__(self, referral: Referral, events: list[WaitEvent]) -> None:
        self.nation, self.risks = referral.nation, referral.risks
        self.pk = referral.pk
        self.events = sorted(events, key=lambda event: (event.happened_at, event.pk))
        self.asked = day(self.first("initial_contact"))
        self.entered = day(self.first("referral_submitted"))
        closings = [e for e in self.events if e.code == "closed"]
        told = self.first("dtn_submitted")
        self.closed = bool(closings)
        self.over = day(told) or (day(closings[-1].happened_at) if closings else None)
        self.left = bool(closings) and not told and closings[-1].outcome in LEFT
        self.left = self.left and not self.entered

    def first(self, *codes: str) -> datetime | None:
        return min((e.happened_at for e in self.events if e.code in codes), default=None)

    @property
    def until(self) -> date:
        return self.entered or self.over or NOW.date()

    @property
    def days(self) -> int:
        return (self.until - self.asked).days

    @property
    def state(self) -> str:
        if self.entered:
            return "entered"
        if self.over is None:
            return "waiting"
        return "left" if self.left else "otherwise"


def day(at: datetime | None) -> Any:
    return at and at.astimezone(LONDON).date()


def people(acting: Acting) -> list[Person]:
    with acting.context(acting.manager):
        mine = list(Referral.objects.filter(holder=acting.organisation))
        rows = defaultdict(list)
        replaced = set(WaitEvent.objects.values_list("supersedes", flat=True))
        for event in WaitEvent.objects.filter(referral__in=mine):
            if event.pk not in replaced and event.code != "recorded_in_error":
                rows[event.referral_id].append(event)
        return [Person(referral, rows[referral.pk]) for referral in mine]


def after_how_many_days(part: float, waits: list[tuple[int, bool]]) -> str:
    """Product of the shares that went on waiting, day by day."""
    left = 1.0
    for number in range(max((days for days, _ in waits), default=-1) + 1):
        there = sum(days >= number for days, _ in waits)
        gone = sum(days == number and entered for days, entered in waits)
        left = left * (there - gone) / there
        if left <= 1 - part + 1e-9:
            return str(number)
    return UNSAID


def row(those: list[Person]) -> list[str]:
    states = Counter(each.state for each in those)
    waits = [(each.days, each.entered is not None) for each in those]
    return [
        str(len(those)),
        *(str(states[state]) for state in ("entered", "waiting", "left", "otherwise")),
        after_how_many_days(0.5, waits),
        after_how_many_days(0.9, waits),
    ]


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else UNSAID


def test_the_wait_to_enter_by_month(here: Acting) -> None:
    table = tables(here, **LONG)["months"]
    by_month: dict[str, list[Person]] = defaultdict(list)
    for each in people(here):
        by_month[f"{each.asked:%b %Y}"].append(each)
    assert len(table.lines) == 24
    for line in table.lines[:-1]:
        assert [figure.text for figure in line.figures] == row(by_month[line.label]), line.label
    total = [each for those in by_month.values() for each in those]
    assert shown(table)[-1] == row(total)
    assert len(total) == 41
    assert {each.state for each in total} == {"entered", "waiting", "left", "otherwise"}


def test_the_period_beside_the_one_before(here: Acting) -> None:
    table = tables(here, asked_since="2026-09", asked_until="2026-11")["compared"]
    columns = list(zip(*shown(table), strict=True))
    for months, column in (((9, 10, 11), columns[0]), ((6, 7, 8), columns[1])):
        those = [p for p in people(here) if p.asked.year == 2026 and p.asked.month in months]
        left = sum(each.left for each in those)
        time = [each for each in those if (NOW.date() - each.asked).days > 28]
        done = sum(each.entered is not None and each.days <= 28 for each in time)
        assert list(column) == [
            *row(those),
            percent(left, len(those)),
            percent(done, len(time)),
        ]


def test_entered_within_so_many_days_of_those_who_had_the_time(here: Acting) -> None:
    found = shown(tables(here, **LONG)["within"])
    for limit, line in zip((14, 28, 56), found, strict=True):
        time = [each for each in people(here) if (NOW.date() - each.asked).days > limit]
        done = sum(1 for each in time if each.entered and each.days <= limit)
        assert line == [
            str(len(time)),
            str(done),
            str(len(time) - done),
            percent(done, len(time)),
        ]


STEPS: list[tuple[str, ...]] = [
    ("initial_contact",),
    ("immediate_safety_checked",),
    ("consent_recorded",),
    ("appointment_offered",),
    ("appointment_attended", "interview_started", "interview_completed"),
    ("referral_submitted",),
]


def test_each_part_of_the_wait(here: Acting) -> None:
    found = shown(tables(here, **LONG)["steps"])
    for begin, end, line in zip(STEPS[:-1], STEPS[1:], found, strict=True):
        counted: Counter[str] = Counter()
        waits = []
        for each in people(here):
            since, until = day(each.first(*begin)), day(each.first(*end))
            stop = until or each.until
            if since is None or stop < since:
                continue
            going = each.state == "waiting" and until is None
            counted["done" if until else "now" if going else "without"] += 1
            waits.append(((stop - since).days, until is not None))
        assert line == [
            *(str(counted[state]) for state in ("done", "now", "without")),
            after_how_many_days(0.5, waits),
        ]


def test_who_waits_now_whenever_they_asked(here: Acting) -> None:
    found = shown(tables(here, asked_since="2026-11")["ageing"])
    days = [each.days for each in people(here) if each.state == "waiting"]
    bands = [(0, 14), (15, 28), (29, 56), (57, 84), (85, 10_000)]
    expected = [sum(low <= number <= high for number in days) for low, high in bands]
    assert found == [[str(number)] for number in (*expected, len(days))]


def test_what_falls_due_in_five_working_days(here: Acting) -> None:
    """From a Monday; St Andrew's day, the Monday after, is a holiday in Scotland."""
    found = shown(tables(here, asked_since="2026-11")["due"])
    with here.context(here.manager):
        rows = list(
            Referral.objects.filter(holder=here.organisation, closed_at=None).values_list(
                "nation", "next_deadline_at"
            )
        )
    expected: Counter[int] = Counter()
    for nation, limit in rows:
        ends = [date(2026, 11, n) for n in (24, 25, 26, 27, 30)]
        if nation == "scotland":
            ends[-1] = date(2026, 12, 1)
        for number, end in enumerate(ends):
            last = datetime(end.year, end.month, end.day, tzinfo=LONDON) + DAY
            if limit and NOW < limit <= last:
                expected[number] += 1
                break
    assert found == [[str(expected[n])] for n in range(5)] + [[str(expected.total())]]
    assert expected.total()


REFUSALS = (
    *("fro_declined_capacity", "fro_waitlisted", "fro_declined_scope", "fro_declined_other"),
    "fro_no_response",
)


def test_refusals_by_reason(here: Acting) -> None:
    found = shown(tables(here, **LONG)["refusals"])
    expected = []
    for code in REFUSALS:
        times = [sum(e.code == code for e in each.events) for each in people(here)]
        expected.append([str(sum(times)), str(sum(number > 0 for number in times))])
    assert found == expected


def test_how_many_were_tried_before_one_took_the_person(here: Acting) -> None:
    found = shown(tables(here, **LONG)["tried"])
    taken, yet = Counter[int](), Counter[int]()
    for each in people(here):
        asked: list[int | None] = []
        took = False
        for event in each.events:
            if event.code.startswith("fro_") and not took:
                if event.organisation_id != here.organisation.pk:
                    asked.append(event.organisation_id)
                took = event.code == "fro_accepted"
        took = took or any(event.code == "referral_submitted" for event in each.events)
        if asked:
            (taken if took else yet)[min(len(set(asked)), 5)] += 1
    expected = [[str(taken[n]), str(yet[n])] for n in range(1, 6)]
    assert found == [*expected, [str(taken.total()), str(yet.total())]]
    assert taken.total() > 3
    assert yet.total() > 3


def paused_days(each: Person, kind: str | None = None) -> int:
    """Midnights of the way in at which a pause ran."""
    number, closed = 0, False
    for n in range(1, each.days + 1):
        at = datetime.combine(each.asked + n * DAY, datetime.min.time(), LONDON)
        running, closed = "", False
        for event in each.events:
            if event.happened_at < at:
                closed = event.code == "closed"
                if event.code == "pause_started" and not running:
                    running = event.outcome
                elif event.code == "pause_ended":
                    running = ""
        number += bool(running) and not closed and kind in {None, running}
    return number


def test_pauses_and_the_wait_without_them(here: Acting) -> None:
    found = tables(here, **LONG)
    expected = []
    for kind in ("survivor_asked", "safeguarding_hold"):
        days = [paused_days(each, kind) for each in people(here)]
        expected.append([str(sum(number > 0 for number in days)), f"{sum(days):,}"])
    assert shown(found["pauses"]) == expected
    lines = []
    for entered in (True, False):
        those = [p for p in people(here) if p.days and bool(p.entered) is entered]
        gross = [each.days for each in those]
        net = [each.days - paused_days(each) for each in those]
        lines.append(
            [
                str(len(those)),
                f"{sum(gross):,}",
                f"{sum(net):,}",
                str(median_low(gross)),
                str(median_low(net)),
            ]
        )
    assert shown(found["net"]) == lines


def test_the_days_by_cause_add_up_to_the_waits(here: Acting) -> None:
    """Which cause a day has is tested where causes are; here, that none is lost or added."""
    found = tables(here, **LONG)
    days = [line.figures[1].value or 0 for line in found["causes"].lines]
    assert sum(days) == sum(each.days for each in people(here))
    shares = [line.figures[2].text for line in found["causes"].lines]
    assert shares == [percent(number, sum(days)) for number in days]
    assert sum(number > 0 for number in days) >= 3


def test_what_was_recorded_late(here: Acting) -> None:
    found = shown(tables(here, **LONG)["late"])
    with here.context(here.manager):
        flags = [f for f in DelayFlag.objects.all() if f.referral.holder == here.organisation]
        late = [
            flag
            for flag in flags
            if flag.retracted_at
            and any(
                event.recorded_at == flag.retracted_at and event.happened_at <= flag.breached_at
                for event in WaitEvent.objects.filter(referral=flag.referral_id)
            )
        ]
    assert len(late) == 1
    assert [line[:2] for line in found] == [
        [str(len({flag.referral_id for flag in those})), str(len(those))] for those in (flags, late)
    ]


# Each is its list


def linked(found: dict[str, Table]) -> Iterator[tuple[str, int]]:
    """Each address, and how many people it must show: where the number is of days or times, those
    of the same line."""
    for table in found.values():
        for line in table.lines:
            for figure in line.figures:
                if figure.url:
                    people = [
                        f for f in line.figures if f.kind == Kind.PEOPLE and f.url == figure.url
                    ]
                    yield figure.url, people[0].value or 0


@pytest.mark.parametrize(
    "asked",
    [
        {**LONG, "asked_since": "2026-06"},
        {"nation": "england", "age": "adult"},
        {"risk": "1", "asked_since": "2025-06"},
        {"severity": "red", "caseworker": "me"},
        {"stage": "entry", "caseworker": "none"},
    ],
)
def test_every_number_is_the_length_of_its_list(here: Acting, asked: dict[str, str]) -> None:
    client = signed_in_client(here.manager.user)
    found = dict(linked(tables(here, **asked)))
    assert len(found) > 60
    for url, number in found.items():
        assert client.get(url).context["found"].number == number, url
    assert sum(number > 0 for number in found.values()) > 3


def test_every_bar_and_point_is_linked(here: Acting) -> None:
    client = signed_in_client(here.manager.user)
    waits = client.get("/figures/").context["waits"]
    reasons = client.get("/figures/why/").context["reasons"]
    for bar in (*waits.ages, *waits.falls, *reasons.refused):
        assert client.get(bar.url).context["found"].number == bar.value
    assert all(each.url for each in (*waits.points, *reasons.parts))


def test_the_list_says_whom_it_counts(here: Acting) -> None:
    client = signed_in_client(here.manager.user)
    table = tables(here, nation="england", asked_since="2026-01", asked_until="2026-11")["steps"]
    heading = client.get(table.lines[2].figures[1].url).context["heading"]
    assert heading.partition(", ")[2] == (
        "England, first contact in or after January 2026, first contact in or before "
        "November 2026, waiting for: Referral meeting offered"
    )


def test_links_hold_filters_and_no_person(here: Acting) -> None:
    for url, _ in linked(tables(here, nation="wales")):
        asked = parse_qs(urlsplit(url).query)
        assert asked.keys() <= {"state", "nation", "asked_since", "asked_until", "counted"}
        assert asked["nation"] == ["wales"]
