"""Two people wrote at once: what the slower one typed beside what the faster one saved."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.parts import Difference
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.forms.base import ReferralForm
from referrals.models import TakenUp, WaitEvent
from referrals.pages.timeline import since, title_of


@dataclass(frozen=True, slots=True)
class Conflict:
    """`by` changed it last, `at` that instant."""

    differences: list[Difference]
    by: str
    at: datetime


def conflict_of(form: ReferralForm, *, membership: Membership) -> Conflict | None:
    """What was saved after the form was opened; None where it cannot be told any more."""
    version = form.changed_since or 0
    events = since(form.referral, version, membership=membership)
    taken_up = list(
        TakenUp.objects.filter(referral=form.referral, version__gt=version)
        .select_related("by")
        .order_by("id")
    )
    saved = sorted(
        [(e.recorded_at, _who(e), _event(e)) for e in events]
        + [(t.at, t.by.name, f"A delay was taken up: {t.action}") for t in taken_up]
    )
    if not saved:
        return None
    at, by, _ = saved[-1]
    theirs = "\n".join(words for _, _, words in saved)
    yours = "\n".join(form.typed())
    return Conflict([Difference("What happened", yours, theirs)], by, at)


def _who(event: WaitEvent) -> str:
    return event.by.name if event.by else str(event.recorded_by)


def _event(event: WaitEvent) -> str:
    parts = (f"{title_of(event)} ({exact(event.happened_at)})", event.detail)
    return "\n".join(part for part in parts if part)
