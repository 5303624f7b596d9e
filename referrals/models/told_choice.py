from typing import Self

from django.conf import settings
from django.db import models

from organisations.models import Membership, Organisation
from referrals.catalogue import Severity
from referrals.models.delay import Told


class ToldChoiceQuerySet(models.QuerySet["ToldChoice"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)

    def standing(self) -> Self:
        """Of each organisation, rule and severity what was chosen last."""
        levels = ("organisation", "rule", "severity")
        return self.order_by(*levels, "-id").distinct(*levels)


class ToldChoice(models.Model):
    """An organisation says for itself who is told of a delay. Appended: the last one counts, and
    one that is empty goes back to what the threshold says."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    told = models.CharField(max_length=10, choices=Told.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ToldChoiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "rule", "severity", "-id"], name="who_is_told_last"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.severity}: {self.told}"
