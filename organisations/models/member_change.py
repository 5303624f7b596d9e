from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models.invitation import Invitation
from organisations.models.membership import Membership
from organisations.models.organisation import Organisation
from organisations.roles import Role


class MemberChangeQuerySet(models.QuerySet["MemberChange"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)

    def untold(self) -> Self:
        return self.filter(told_at__isnull=True)


class MemberChange(models.Model):
    """What changed of who acts for an organisation: appended in the transaction of the change, and
    passed on to the other managers from here. Names a membership, or an invitation."""

    class Kind(models.TextChoices):
        INVITED = "invited", "Invited"
        SENT_AGAIN = "sent_again", "Invitation sent again"
        REVOKED = "revoked", "Invitation revoked"
        JOINED = "joined", "Joined"
        ADDED = "added", "Added from the shell"
        ROLE = "role", "Role changed"
        ENDED = "ended", "Membership ended"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=40, choices=Role.choices)  # from then on, or until then
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects = MemberChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False) | Q(invitation__isnull=False),
                name="a_change_of_members_is_of_somebody",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(told_at__isnull=True), name="member_changes_to_tell"
            ),
            models.Index(fields=["organisation", "-at"], name="member_changes_of_late"),
        ]

    def __str__(self) -> str:
        return f"member change {self.pk}"
