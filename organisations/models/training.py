from datetime import date, timedelta
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models.membership import Membership
from organisations.models.organisation import Organisation

A_YEAR = 365  # days; what rule 32 asks too


class TrainingModuleQuerySet(models.QuerySet["TrainingModule"]):
    def visible_to(self, membership: Membership) -> Self:
        """What everybody is asked for, and what one's own organisation asks for besides."""
        return self.filter(
            Q(organisation__isnull=True) | Q(organisation=membership.organisation_id)
        )

    def for_all(self) -> Self:
        return self.filter(organisation__isnull=True)

    def offered(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("organisation", "-required", "name", "id")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="TrainingModuleHistory",
)
class TrainingModule(models.Model):
    """Something that a First Responder may be asked to complete. Without an organisation it is kept
    by the designation administrator, for all; else it is that organisation's own."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=500, blank=True)
    checked_on = models.DateField(null=True)  # when somebody last looked at the source
    good_for_days = models.PositiveIntegerField(default=A_YEAR)
    required = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: delivered with the product
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # it is asked of nobody any more

    objects = TrainingModuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(good_for_days__gt=0), name="a_training_is_good_for_a_while"
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="a_training_module_is_offered_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrainingQuerySet(models.QuerySet["Training"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Training(models.Model):
    """A member completed a module on a London date. Appended; a mistaken one is withdrawn."""

    class Why(models.TextChoices):
        PERSON = "person", "It was somebody else who completed it"
        DAY = "day", "The day is wrong"
        MODULE = "module", "It was another training"
        NOT_COMPLETED = "not_completed", "It was not completed"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="trainings")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="+")
    trained_on = models.DateField()
    course = models.CharField(max_length=200)  # what it was called then
    certificate = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=20, choices=Why.choices, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "module", "trained_on", "course"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_training_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
                name="a_training_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.trained_on}"

    @property
    def good_until(self) -> date:
        """The last London day on which it counts."""
        return self.trained_on + timedelta(days=self.module.good_for_days)
