from django.contrib.postgres.fields import ArrayField
from django.db import models

from organisations.models.organisation import Nation, Organisation


class Reassessment(models.Model):
    """Work that the sweep owes: every open referral in the scope is to be assessed again.

    Written by whoever changes a fact that the rules read (a designation, a threshold, a bank
    holiday); the sweep walks the referrals by id and keeps `cursor`, the last id done, which is
    the progress.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+"
    )  # None: every organisation
    nations = ArrayField(
        models.CharField(max_length=20, choices=Nation.choices), default=list, blank=True
    )  # none: every nation
    rule = models.CharField(max_length=40, blank=True)  # all that changed; none: every rule
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(finished_at__isnull=True),
                name="reassessments_to_do",
            )
        ]

    def __str__(self) -> str:
        return self.reason
