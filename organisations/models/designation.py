from datetime import date
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from organisations.models.organisation import Organisation


class DateRange(Func):
    function = "daterange"


class DesignationQuerySet(models.QuerySet["Designation"]):
    def in_force(self, on: date) -> Self:
        """Rows in force on a London date; `effective_until` is the first day no longer covered."""
        return self.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=on), effective_from__lte=on
        )

    def active(self, on: date) -> Self:
        return self.in_force(on).filter(status=Designation.Status.ACTIVE)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="DesignationHistory",
)
class Designation(models.Model):
    """What the Home Office decided about an organisation, for a span of London dates.

    The Home Office decides; the register records. `known_from` is the day we learnt of it.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Designated"
        SUSPENDED = "suspended", "Suspended"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Cause(models.TextChoices):
        """Why, as far as it was said."""

        DECIDED = "decided", "The Home Office decided"
        ASKED = "asked", "The organisation asked for it"
        STAFF = "staff", "No trained staff"
        FUNDING = "funding", "Loss of funding"
        SAFEGUARDING = "safeguarding", "A safeguarding concern"
        MERGED = "merged", "The body was merged, renamed or abolished"
        OTHER = "other", "Something else"
        UNKNOWN = "unknown", "Not said"

    class ToldBy(models.TextChoices):
        HOME_OFFICE = "home_office", "The Home Office wrote to us"
        PUBLISHED = "published", "It is published"
        ORGANISATION = "organisation", "The organisation told us"
        OTHER = "other", "Somebody else told us"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="designations"
    )
    status = models.CharField(max_length=20, choices=Status.choices)
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    told_by = models.CharField(max_length=20, choices=ToldBy.choices, blank=True)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    known_from = models.DateField()
    scope = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=500)  # evidence: a link, or what the letter is
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = DesignationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="designation_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="no_two_designations_in_force_at_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} from {self.effective_from}"


# What may be recorded from a date, given what is in force on it (None: nothing).
STEPS: dict[str, frozenset[str | None]] = {
    Designation.Status.ACTIVE: frozenset(
        {None, Designation.Status.SUSPENDED, Designation.Status.WITHDRAWN}
    ),
    Designation.Status.SUSPENDED: frozenset({Designation.Status.ACTIVE}),
    Designation.Status.WITHDRAWN: frozenset(
        {Designation.Status.ACTIVE, Designation.Status.SUSPENDED}
    ),
}
