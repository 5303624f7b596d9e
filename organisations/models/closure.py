from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models.organisation import Organisation


class ClosureQuerySet(models.QuerySet["Closure"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def on(self, day: date) -> Self:
        return self.standing().filter(first_on__lte=day, last_on__gte=day)

    def not_over(self, today: date) -> Self:
        return self.standing().filter(last_on__gte=today).order_by("first_on", "id")


class Closure(models.Model):
    """Days on which an organisation's office is closed, the first and the last one among them.

    Public, as its hours are. It says when somebody answers, and moves no deadline: a person does
    not wait less when an office is closed.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="closures"
    )
    first_on = models.DateField()
    last_on = models.DateField()
    why = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="closure_ends_on_or_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="somebody_withdraws_a_closure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_on} to {self.last_on}"
