from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models import Membership, Organisation


class CoverQuerySet(models.QuerySet["Cover"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)

    def standing_on(self, day: date) -> Self:
        return self.filter(first_on__lte=day, last_on__gte=day, ended_at__isnull=True)


class Cover(models.Model):
    """Somebody is away, and a colleague does their work: from the first to the last London day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    away = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    covered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    first_on = models.DateField()
    last_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # where it ended early

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="cover_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(away=F("covered_by")), name="nobody_covers_for_themselves"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "last_on"],
                condition=Q(ended_at__isnull=True),
                name="cover_that_stands",
            )
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"
