from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models.membership import Membership
from organisations.models.organisation import Organisation
from organisations.roles import Role

OVER = Q(accepted_at__isnull=False) | Q(revoked_at__isnull=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)

    def waiting(self) -> Self:
        """Neither accepted nor revoked; the link may have run out. Without the hash of the link,
        which nobody who is signed in may read."""
        return self.exclude(OVER).defer("token_hash")


class Invitation(models.Model):
    """Somebody is asked by e-mail to act for an organisation. The link works once and for a while;
    only a hash of it is kept. Sent again, it is another link, and the one before is void."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField()
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=40, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    links = models.PositiveSmallIntegerField(default=1)  # how many were made
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=~OVER,
                name="an_address_is_invited_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="an_accepted_invitation_is_not_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
