from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models.organisation import Organisation
from organisations.roles import CASEWORK_ROLES, ROLE_PERMISSIONS, Permission, Role


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, membership: "Membership") -> Self:
        """Those who act for the same organisation."""
        return self.filter(organisation=membership.organisation_id)

    def active(self) -> Self:
        return self.filter(ended_at__isnull=True, user__is_active=True)

    def doing_casework(self) -> Self:
        """Active, in a role that may be responsible for a referral."""
        return self.active().filter(role__in=CASEWORK_ROLES)

    def who_may(self, permission: Permission) -> Self:
        """Active, in a role that has the permission."""
        roles = [role for role, may in ROLE_PERMISSIONS.items() if permission in may]
        return self.active().filter(role__in=roles)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="MembershipHistory",
)
class Membership(models.Model):
    """A person acts for an organisation in one role. Somebody may belong to several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=Role.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    first_responder_since = models.DateField(null=True, blank=True)  # may fill in NRM referrals

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_role_for_a_person_in_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.organisation_id}"

    def can(self, permission: Permission | str) -> bool:
        return permission in ROLE_PERMISSIONS[Role(self.role)]
