"""Which waits are delayed at an instant: computed from the timelines, not read from flags."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.database import purpose
from organisations.models import Organisation
from referrals.delays import Breach, Rules, breaches
from referrals.models import Referral
from referrals.thresholds import rules
from referrals.timelines import Case, cases

BATCH = 500


@dataclass(frozen=True, slots=True)
class Delayed:
    """One wait that has passed one limit and has not ended. The fields are a stable seam."""

    reference: str
    own_reference: str
    organisation: str
    threshold: str
    severity: str
    breached_at: str
    gross_wait_seconds: int
    net_wait_seconds: int


def delayed(
    *, at: datetime, organisation: str | None = None, known_at: datetime | None = None
) -> list[Delayed]:
    """Every delay that stands at `at`, of all organisations or of one (slug); with `known_at` by
    what had been recorded by then, corrections as they stood then."""
    with purpose("nrm_sweep"):
        judged_by, slugs = rules(), dict(Organisation.objects.values_list("id", "slug"))
        found = [
            _delayed(case, breach, slugs[case.holder], at=at)
            for case in _all_cases(organisation, known_at)
            for breach in _standing(case, judged_by, at=at)
        ]
    return sorted(found, key=lambda each: (each.reference, each.threshold, each.severity))


def _all_cases(organisation: str | None, known_at: datetime | None) -> Iterator[Case]:
    referrals = Referral.objects.order_by("id").values_list("id", flat=True)
    if organisation is not None:
        referrals = referrals.filter(holder__slug=organisation)
    last = 0
    while ids := list(referrals.filter(id__gt=last)[:BATCH]):
        last = ids[-1]
        yield from (case for case in cases(ids, known_at=known_at) if case.timeline.events)


def _standing(case: Case, judged_by: Rules, *, at: datetime) -> list[Breach]:
    return [b for b in breaches(case.timeline, judged_by, now=at) if b.ended_at is None]


def _delayed(case: Case, breach: Breach, organisation: str, *, at: datetime) -> Delayed:
    return Delayed(
        reference=case.reference,
        own_reference=case.own_reference,
        organisation=organisation,
        threshold=breach.rule,
        severity=breach.severity,
        breached_at=breach.breached_at.isoformat().replace("+00:00", "Z"),
        gross_wait_seconds=int(breach.gross(at).total_seconds()),
        net_wait_seconds=int(breach.net(at).total_seconds()),
    )
