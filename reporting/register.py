"""What waits for whoever keeps the register: applications without a decision, entries to check."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from nrm_tracker.ui.words import count, day_in_words
from organisations.designations import ended
from organisations.models import Application, Organisation
from referrals.models import Referral
from referrals.register_limits import Standing, applications, reviews


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organisation, how long it has waited, and the worst limit passed ("" while in time)."""

    name: str
    slug: str
    words: str
    severity: str


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Longest first. `checked` is how many entries are within their time."""

    applications: tuple[Waiting, ...]
    to_check: tuple[Waiting, ...]
    checked: int


def register_page(*, now: datetime) -> RegisterPage:
    """Read as whoever keeps the register, who sees applications that are not to be named too."""
    with purpose("nrm_register"):
        undecided = list(
            Application.objects.undecided(london_date(now)).select_related("organisation")
        )
        responders = Organisation.objects.responders().with_standing(london_date(now))
        rows = [row for row in responders if row.standing in {"active", "applicant"}]
        waits, checks = applications(undecided, now=now), reviews(rows, now=now)
    applied = [(waits[row.pk], row.organisation) for row in undecided]
    late = [(checks[row.pk], row) for row in rows if checks[row.pk].severity]
    return RegisterPage(
        applications=tuple(
            _waiting(row, f"{count(standing.days, 'day')} since it applied", standing)
            for standing, row in sorted(applied, key=_longest)
        ),
        to_check=tuple(
            _waiting(row, _last_checked(standing, now=now), standing)
            for standing, row in sorted(late, key=_longest)
        ),
        checked=len(rows) - len(late),
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """An organisation that is designated no more, and how many people it is responsible for."""

    name: str
    slug: str
    words: str
    people: int


def ended_designations(*, now: datetime) -> tuple[Ended, ...]:
    """Most people first; one that is responsible for nobody is left out. Counted as figures, which
    know nobody."""
    since = ended(today=london_date(now))
    with purpose("nrm_figures"):
        counted = dict(
            Referral.objects.open()
            .filter(holder__in=since)
            .values_list("holder")
            .annotate(number=Count("pk"))
        )
        rows = list(Organisation.objects.filter(pk__in=counted).order_by("name"))
    found = [
        Ended(
            name=row.name,
            slug=row.slug,
            words=f"not designated since {day_in_words(since[row.pk], today=london_date(now))}",
            people=counted[row.pk],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: -row.people))


def _longest(pair: tuple[Standing, Organisation]) -> tuple[bool, int, str]:
    """What never happened first."""
    standing, row = pair
    return standing.since is not None, -standing.days, row.name


def _last_checked(standing: Standing, *, now: datetime) -> str:
    if standing.since is None:
        return "Never checked"
    return f"Last checked on {day_in_words(standing.since, today=london_date(now))}"


def _waiting(row: Organisation, words: str, standing: Standing) -> Waiting:
    return Waiting(row.name, row.slug, words, standing.severity)
