"""The delay dashboard of one organisation. Headlines count people, not flags."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse

from nrm_tracker.calendars import london_date, midnight
from nrm_tracker.ui.charts import Bar, Point
from nrm_tracker.ui.words import count
from organisations.models import Membership
from referrals.models import Attention, Delay, Referral, TakenUp, Told
from referrals.models.referral import ReferralQuerySet
from referrals.pages.delays import NO_DELAY
from referrals.stages import STAGE_OF, Stage
from referrals.thresholds import all_thresholds
from reporting.causes import RecordedLate, WhyTheyWait, recorded_late, why_they_wait
from reporting.estimate import Spell, days_until

SHOWN = 10  # delays listed on the dashboard itself; the heading links to all
MONTHS = 12
SOON = timedelta(days=7)
Filters = dict[str, str]


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    number: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A delay on the dashboard: one wait of one person, at its worst."""

    id: int
    reference: str
    pseudonym: str
    title: str
    severity: str
    since: datetime
    responsible: str
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Panel:
    """Some delays, how many people they concern, and the list that shows them all."""

    people: int
    url: str
    delays: int = 0
    rows: tuple[Row, ...] = ()

    @property
    def in_words(self) -> str:
        """Of people; and of delays where somebody has several."""
        people = "1 person" if self.people == 1 else f"{self.people} people"
        several = self.delays != self.people
        return f"{people}, {count(self.delays, 'delay')}" if several else str(self.people)


@dataclass(frozen=True, slots=True)
class Failed:
    """A referral whose limits could not be worked out, and when that was last tried."""

    reference: str
    pseudonym: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    tiles: tuple[Tile, ...]
    new: Panel
    due: Panel
    watching: Panel
    home_office: Panel
    falls_due: Panel
    unassessed: Panel
    failed: tuple[Failed, ...]
    stages: tuple[Bar, ...]
    reasons: tuple[Bar, ...]
    why: WhyTheyWait
    late: RecordedLate
    months: tuple[Point, ...]
    still_waiting: int


def dashboard(membership: Membership, *, filters: Filters, now: datetime) -> Dashboard:
    """Everything that the page shows, within the filters (`nation`, `age`, `caseworker`)."""
    referrals = _filtered(Referral.objects.visible_to(membership), filters)
    delays = _delays(membership, referrals, now=now)
    failing = Referral.objects.visible_to(membership).filter(assessment_failed_at__isnull=False)
    link, titles = _linker(filters), {t.code: t.title for t in all_thresholds()}
    months = _months(referrals, now=now)
    return Dashboard(
        tiles=_tiles(referrals, delays, link, now=now),
        new=_panel(delays, Attention.NEW, link, titles),
        due=_panel(delays, Attention.DUE, link, titles),
        watching=_panel(delays, Attention.OWNED, link, titles),
        home_office=_home_office(delays, link),
        falls_due=_falls_due(referrals, link, now=now),
        unassessed=_counted(failing, f"{reverse('referrals')}?failed=1"),
        failed=_failed(failing),
        stages=_stages(delays, link),
        reasons=_reasons(delays),
        why=why_they_wait(referrals, now=now),
        late=recorded_late(membership, referrals, now=now),
        months=_points(months, link),
        still_waiting=_still_waiting(referrals, now=now),
    )


Link = Callable[..., str]


def _linker(filters: Filters) -> Link:
    """Links to the worklist that keep the dashboard's filters."""
    kept = {name: value for name, value in filters.items() if value}
    return lambda **more: f"{reverse('referrals')}?{urlencode(kept | more)}"


def _filtered(referrals: ReferralQuerySet, filters: Filters) -> ReferralQuerySet:
    if nation := filters.get("nation"):
        referrals = referrals.filter(nation=nation)
    if age := filters.get("age"):
        children = Q(age_group__in=["child", "not_sure"])
        referrals = referrals.filter(children if age == "child" else ~children)
    if caseworker := filters.get("caseworker"):
        referrals = referrals.filter(assigned_to=int(caseworker))
    return referrals


def _delays(membership: Membership, referrals: ReferralQuerySet, *, now: datetime) -> list[Delay]:
    """The standing delays, worst and oldest first."""
    return list(
        Delay.objects.visible_to(membership)
        .filter(referral__in=referrals.values("id"))
        .exclude(rule__in=NO_DELAY)
        .with_attention(london_date(now))
        .select_related("referral__assigned_to", "taken_up")
        .order_by("-rank", "breached_at", "id")
    )


def _tiles(
    referrals: ReferralQuerySet, delays: list[Delay], link: Link, *, now: datetime
) -> tuple[Tile, ...]:
    waiting = referrals.open().filter(submitted_at__isnull=True)
    seen = waiting.aggregate(
        people=Count("id"),
        since=Min("first_contact_at"),
        children=Count("id", filter=Q(age_group__in=["child", "not_sure"])),
    )
    longest = (london_date(now) - london_date(seen["since"])).days if seen["since"] else 0
    still = referrals.without_clock().count()
    new = _people(d for d in _ringing(delays) if d.attention == Attention.NEW)
    enter = {"state": "open", "submitted": "no"}
    return (
        Tile("People waiting to enter", str(seen["people"]), link(**enter)),
        Tile("Longest wait so far", count(longest, "day"), link(**enter)),
        Tile(
            "People with a new delay",
            str(new),
            link(attention="new", ringing="1"),
            "alert" if new else "",
        ),
        Tile("Children waiting", str(seen["children"]), link(**enter, age="child")),
        Tile(
            "Open, but no clock is running",
            str(still),
            link(clock="none"),
            "alert" if still else "",
        ),
    )


def _ringing(delays: Iterable[Delay]) -> list[Delay]:
    """Told at once or on the Today list, and not a matter of the Home Office alone."""
    return [delay for delay in delays if delay.told in {Told.AT_ONCE, Told.TODAY}]


def _people(delays: Iterable[Delay]) -> int:
    return len({delay.referral_id for delay in delays})


def _panel(delays: list[Delay], attention: Attention, link: Link, titles: dict[str, str]) -> Panel:
    these = [delay for delay in _ringing(delays) if delay.attention == attention]
    return Panel(
        people=_people(these),
        delays=len(these),
        url=link(attention=attention.value, ringing="1"),
        rows=tuple(_row(delay, titles[delay.rule]) for delay in these[:SHOWN]),
    )


def _row(delay: Delay, title: str) -> Row:
    responsible = delay.referral.assigned_to
    return Row(
        id=delay.pk,
        reference=delay.referral.reference,
        pseudonym=delay.referral.pseudonym,
        title=title,
        severity=delay.severity,
        since=delay.breached_at,
        responsible=responsible.name if responsible else "Nobody",
        review_on=delay.review_on,
    )


def _home_office(delays: list[Delay], link: Link) -> Panel:
    these = [delay for delay in delays if delay.waits_on == "home_office"]
    return Panel(people=_people(these), url=link(waits_on="home_office"))


def _falls_due(referrals: ReferralQuerySet, link: Link, *, now: datetime) -> Panel:
    soon = referrals.filter(next_deadline_at__gt=now, next_deadline_at__lt=now + SOON)
    return _counted(soon, link(due_within_days=str(SOON.days)))


def _counted(referrals: ReferralQuerySet, url: str) -> Panel:
    return Panel(people=referrals.count(), url=url)


def _failed(failing: ReferralQuerySet) -> tuple[Failed, ...]:
    """Whatever the filters say: what is not known of these must not be filtered away."""
    rows = failing.order_by("assessment_failed_at", "id")[:SHOWN]
    return tuple(
        Failed(row.reference, row.pseudonym, row.assessment_failed_at)
        for row in rows
        if row.assessment_failed_at
    )


def _stages(delays: list[Delay], link: Link) -> tuple[Bar, ...]:
    """People with a delay, by stage; what is only measured is left out."""
    people: dict[Stage, set[int]] = defaultdict(set)
    for delay in delays:
        if delay.told != Told.MEASURED:
            people[STAGE_OF[delay.rule]].add(delay.referral_id)
    return tuple(
        Bar(label=stage.label, value=len(people[stage]), url=link(stage=stage.value))
        for stage in Stage
        if people[stage]
    )


def _reasons(delays: list[Delay]) -> tuple[Bar, ...]:
    """What was said to be in the way of delays that are taken up, by delays."""
    reasons = Counter(delay.taken_up.reason for delay in delays if delay.taken_up)
    return tuple(
        Bar(label=TakenUp.Reason(reason).label, value=number)
        for reason, number in reasons.most_common()
    )


def _months(referrals: ReferralQuerySet, *, now: datetime) -> dict[str, list[Spell]]:
    """The waits of those who asked for help in each of the last twelve months, oldest first."""
    today = london_date(now)
    months = [f"{y}-{m + 1:02}" for y, m in _last_months(today)]
    spells: dict[str, list[Spell]] = {month: [] for month in months}
    year, month = _last_months(today)[0]
    rows = referrals.filter(first_contact_at__gte=midnight(date(year, month + 1, 1)))
    for asked, submitted, closed in rows.values_list(
        "first_contact_at", "submitted_at", "closed_at"
    ):
        ended = submitted or closed or now
        days = (london_date(ended) - london_date(asked)).days
        spells[f"{london_date(asked):%Y-%m}"].append(Spell(days, entered=submitted is not None))
    return spells


def _still_waiting(referrals: ReferralQuerySet, *, now: datetime) -> int:
    """Of those who asked for help in the months that are shown."""
    year, month = _last_months(london_date(now))[0]
    asked = referrals.filter(first_contact_at__gte=midnight(date(year, month + 1, 1)))
    return asked.open().filter(submitted_at__isnull=True).count()


def _last_months(today: date) -> list[tuple[int, int]]:
    """(year, month counted from 0) of the last twelve months, this one last."""
    latest = today.year * 12 + today.month - 1
    return [divmod(number, 12) for number in range(latest - MONTHS + 1, latest + 1)]


def _points(months: dict[str, list[Spell]], link: Link) -> tuple[Point, ...]:
    return tuple(
        Point(
            label=date.fromisoformat(f"{month}-01").strftime("%b %Y"),
            median=days_until(0.5, spells),
            slowest=days_until(0.9, spells),
            url=link(since=month),
        )
        for month, spells in months.items()
    )
