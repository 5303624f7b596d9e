"""A change of members, passed on: to the other managers as a notice and by mail as they chose, and
an invitation to whom it is for. Once for each change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from nrm_tracker.database import purpose
from organisations.hours import READ
from organisations.models import Invitation, MemberChange, Membership, Organisation
from organisations.roles import Permission, Role
from referrals import mails
from referrals.actions.mailing import choices_of, write_invitation, write_letter
from referrals.models import Notice, NoticeChoice, OutboxMessage, Told

Kind = MemberChange.Kind
BATCH = 200


def deliver_member_changes(*, now: datetime) -> int:
    """How many changes."""
    with purpose("nrm_sweep"):
        changes = list(
            MemberChange.objects.untold()
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))[:BATCH]
        )
        for change in changes:
            _tell(change, now=now)
            if change.kind in {Kind.INVITED, Kind.SENT_AGAIN} and change.invitation_id:
                _write_to_who_is_invited(change.invitation_id, now=now)
        MemberChange.objects.filter(pk__in=[change.pk for change in changes]).update(told_at=now)
    return len(changes)


def _tell(change: MemberChange, *, now: datetime) -> None:
    told = _concerned(change)
    message = OutboxMessage.objects.create(
        key=f"members:{change.pk}", change=change, told=Told.TODAY, created_at=now, delivered_at=now
    )
    Notice.objects.bulk_create(
        [
            Notice(
                message=message,
                user_id=user,
                organisation_id=change.organisation_id,
                change=change,
                told=message.told,
                created_at=now,
            )
            for user in told
        ]
    )
    if told and settings.EMAIL_IS_SENT:
        _write_letters(change, told, now=now)


def _concerned(change: MemberChange) -> list[int]:
    """The other managers; of a new role the person as well; of an end the safeguarding leads, to
    whom restricted referrals may have gone."""
    there = Membership.objects.filter(organisation=change.organisation_id)
    told = set(there.who_may(Permission.MANAGE_MEMBERS).values_list("user_id", flat=True))
    if change.kind == Kind.ENDED:
        leads = there.active().filter(role=Role.SAFEGUARDING_LEAD)
        told |= set(leads.values_list("user_id", flat=True))
    if change.kind == Kind.ROLE and change.membership_id:
        concerned = there.active().filter(pk=change.membership_id)
        told |= set(concerned.values_list("user_id", flat=True))
    return sorted(told - {change.by_id})


def _write_letters(change: MemberChange, told: Sequence[int], *, now: datetime) -> None:
    organisation = Organisation.objects.only(*READ).get(pk=change.organisation_id)
    choices, letter = choices_of(told), mails.about_members(organisation)
    for user in told:
        if choices[user].today == NoticeChoice.Today.DIGEST:
            write_letter(user, organisation, letter, key=f"members-{change.pk}-{user}", now=now)


def _write_to_who_is_invited(pk: UUID, *, now: datetime) -> None:
    """With the newest link; of one that was sent again before we came here, once."""
    if settings.EMAIL_IS_SENT:
        invitation = Invitation.objects.only("links", "organisation_id").get(pk=pk)
        write_invitation(invitation, number=invitation.links, now=now)
