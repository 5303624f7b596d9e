from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from organisations.models import Membership, Organisation


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    def visible_to(self, membership: Membership) -> Self:
        """Those asked in one's own organisation."""
        return self.filter(organisation=membership.organisation_id)

    def running(self) -> Self:
        return self.filter(finished_at=None, cancelled_at=None, failed_at=None)


class WhatIf(models.Model):
    """What somebody asked of a simulation, the numbers that it is fed with, and what it found.

    The one row of `reporting` that is written: see decision 31. It holds weekly numbers of a line,
    and nothing of who stands in it. `runs` are those that are done: how it went as it is, and how
    with the change.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    history = models.JSONField()
    more = models.FloatField()  # people seen a week; fewer where negative
    begins = models.PositiveSmallIntegerField()  # weeks from when it was asked
    lasts = models.PositiveSmallIntegerField(null=True)  # weeks; None: for good
    seed = models.PositiveIntegerField()
    runs = models.JSONField(default=list)
    done = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(
                    finished_at__isnull=True, cancelled_at__isnull=True, failed_at__isnull=True
                ),
                name="what_ifs_to_do",
            ),
            models.Index(fields=["organisation", "-asked_at"], name="what_ifs_of_one"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
