"""Two people wrote at once: what the slower one typed beside what the faster one saved."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.models import Action, AuditEntry
from nrm_tracker.ui.parts import Difference
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.forms.base import ReferralForm
from referrals.models import Referral, TakenUp, WaitEvent
from referrals.pages.recorded import differences
from referrals.pages.timeline import since, title_of

NOT_ON_THE_TIMELINE = (
    Action.BASIS_DECIDED,
    Action.CASEWORKER_CHANGED,
    Action.CONTACT_AGREED,
    Action.IDENTITY_ERASED,
    Action.IDENTITY_RECORDED,
    Action.REFERRAL_RESTRICTED,
    Action.RESTRICTION_LIFTED,
    Action.WORD_CHANGED,
)


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
    told = {e.version for e in events} | {t.version for t in taken_up}
    untold = form.referral.version - version - len(told)
    saved = sorted(
        [(e.recorded_at, _who(e), _event(e)) for e in events]
        + [(t.at, t.by.name, _taken_up(t)) for t in taken_up]
        + _of_the_trail(form.referral, untold, membership=membership)
    )
    if not saved:
        return None
    at, by, _ = saved[-1]
    theirs = "\n".join(words for _, _, words in saved)
    found = differences(form, since=version, membership=membership)
    happened = "–" if found else "\n".join(form.typed())
    return Conflict([*found, Difference("What happened", happened, theirs)], by, at)


def _of_the_trail(
    referral: Referral, number: int, *, membership: Membership
) -> list[tuple[datetime, str, str]]:
    """The last changes of what says who somebody is, and the like: that they were made, by whom,
    and nothing of what they say."""
    trail = AuditEntry.objects.visible_to(membership).of_referral(referral.pk)
    entries = list(trail.filter(action__in=NOT_ON_THE_TIMELINE).order_by("-number")[:number])
    names = dict(
        User.objects.filter(pk__in={entry.user for entry in entries}).values_list("pk", "name")
    )
    return [
        (each.at, name, f"{name} {Action(each.action).label}.")
        for each in entries
        for name in [names.get(each.user or 0, "A command at the shell")]
    ]


def _who(event: WaitEvent) -> str:
    return event.by.name if event.by else str(event.recorded_by)


def _event(event: WaitEvent) -> str:
    parts = (f"{title_of(event)} ({exact(event.happened_at)})", event.detail)
    return "\n".join(part for part in parts if part)


def _taken_up(row: TakenUp) -> str:
    if row.holds is None:
        return f"A delay was taken up: {row.action}"
    holds = "still holds" if row.holds else "holds no longer"
    return f"The plan for a delay {holds}: {row.action}"
