from typing import Self

from django.conf import settings
from django.db import models

from organisations.models.membership import Membership
from organisations.models.organisation import Organisation


class ResponderPolicyQuerySet(models.QuerySet["ResponderPolicy"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)


class ResponderPolicy(models.Model):
    """What happens when somebody who may not act as a First Responder records First Responders'
    work. An organisation's own; appended: the last one counts, and without any it is a warning."""

    class Policy(models.TextChoices):
        WARN = "warn", "Say so, and record it"
        REFUSE = "refuse", "Do not record it, and say which colleagues can"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=10, choices=Policy.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ResponderPolicyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="responder_policy_last")]

    def __str__(self) -> str:
        return self.policy
