"""Who acts for an organisation, and who of them holds what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F
from django.db.models.expressions import OrderBy

from accounts.second_factor import who_have_one
from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from organisations.roles import Permission, Role
from referrals.models import Email, NamedStaff, Referral, Restriction, Task

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "name": ("user__name",),
    "role": ("role", "user__name"),
    "signed_in": (F("user__last_login").asc(nulls_first=True), "user__name"),
    "referrals": ("user__name",),  # and by number, once that is counted
}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Of a colleague. What follows `you` is for who manages members."""

    id: int
    user: int
    name: str
    role: str
    you: bool
    first_responder: str = ""
    signed_in: str = ""
    second_factor: bool = False
    referrals: int = 0
    restricted: int = 0  # on which they are named, whether who asks sees them or not
    tasks: int = 0


def members_page(
    membership: Membership, *, role: str = "", sort: str = "name", now: datetime
) -> list[MemberRow]:
    rows = Membership.objects.visible_to(membership).active().select_related("user")
    rows = rows.filter(role=role) if role else rows
    ordered = list(rows.order_by(*SORTS[sort], "pk"))
    if not membership.can(Permission.MANAGE_MEMBERS):
        return [_row(row, membership) for row in ordered]
    found = _who_has_what(ordered, membership, now=now)
    return sorted(found, key=lambda row: -row.referrals) if sort == "referrals" else found


def without_caseworker(membership: Membership) -> int:
    """Open referrals of which nobody who works here is the caseworker."""
    here = Membership.objects.visible_to(membership).doing_casework()
    return Referral.objects.visible_to(membership).open().without_caseworker(here).count()


def invitations_in_trouble(membership: Membership) -> set[str]:
    """Those (ids) whose latest mail has not gone out, and not for being void."""
    mails = Email.objects.visible_to(membership).filter(invitation__isnull=False)
    latest = {mail.invitation_id: mail for mail in mails.order_by("id")}
    return {
        str(invitation)
        for invitation, mail in latest.items()
        if mail.sent_at is None and mail.trouble not in {"", Email.Trouble.VOID}
    }


def _who_has_what(
    rows: Iterable[Membership], membership: Membership, *, now: datetime
) -> list[MemberRow]:
    referrals, tasks, restricted = _referrals(membership), _tasks(membership), _named(membership)
    with_second_factor = who_have_one(row.user_id for row in rows)
    return [
        _row(
            row,
            membership,
            first_responder=_first_responder(row, now=now),
            signed_in=_signed_in(row, now=now),
            second_factor=row.user_id in with_second_factor,
            referrals=referrals.get(row.user_id, 0),
            restricted=restricted.get(row.user_id, 0),
            tasks=tasks.get(row.user_id, 0),
        )
        for row in rows
    ]


def _row(row: Membership, membership: Membership, **more: object) -> MemberRow:
    return MemberRow(
        id=row.pk,
        user=row.user_id,
        name=row.user.name,
        role=str(Role(row.role).label),
        you=row.pk == membership.pk,
        **more,  # type: ignore[arg-type]  # by name, from the function above
    )


def _first_responder(row: Membership, *, now: datetime) -> str:
    since = row.first_responder_since
    return f"Since {day_in_words(since, today=london_date(now))}" if since else "No"


def _signed_in(row: Membership, *, now: datetime) -> str:
    at = row.user.last_login
    return day_in_words(london_date(at), today=london_date(now)) if at else "Never"


def _referrals(membership: Membership) -> dict[int, int]:
    rows = Referral.objects.visible_to(membership).open().filter(assigned_to__isnull=False)
    return dict(rows.order_by().values_list("assigned_to").annotate(Count("pk")))


def _tasks(membership: Membership) -> dict[int, int]:
    rows = Task.objects.visible_to(membership).open().order_by()
    return dict(rows.values_list("assigned_to").annotate(Count("pk")))


def _named(membership: Membership) -> dict[int, int]:
    held = Restriction.objects.visible_to(membership).held().values("referral")
    rows = NamedStaff.objects.visible_to(membership).standing().filter(referral__in=held)
    return dict(rows.order_by().values_list("user").annotate(Count("pk")))
