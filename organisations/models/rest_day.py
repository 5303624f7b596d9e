from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organisations.models.organisation import Nation


class RestDayQuerySet(models.QuerySet["RestDay"]):
    def standing(self) -> Self:
        """The days that rest: no withdrawal, and not withdrawn."""
        return self.filter(withdraws__isnull=True, withdrawn_by__isnull=True)

    def learnt(self) -> Self:
        """What changed the calendar after the product was set up, withdrawals too."""
        return self.filter(known_from__isnull=False)

    def of_year(self, year: int) -> Self:
        return self.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))


class RestDay(models.Model):
    """A day that does not count as a working day in some nations: a bank holiday. Public.

    Rows are only ever added. A mistaken one stays, and is withdrawn by another that says why and
    since when we know, so that what we once counted by can always be told. `known_from` is None
    for what the product was delivered with: that has moved nobody's deadline.
    """

    day = models.DateField()
    name = models.CharField(max_length=100)
    nations = ArrayField(models.CharField(max_length=20, choices=Nation.choices))
    source = models.CharField(max_length=500)  # evidence, or the library and its version
    known_from = models.DateField(null=True)
    withdraws = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="withdrawn_by"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: the product, from the library
    recorded_at = models.DateTimeField()

    objects = RestDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(nations__len__gt=0), name="a_rest_day_is_one_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(withdraws__isnull=True, recorded_by__isnull=True)
                | Q(known_from__isnull=False),
                name="who_changes_the_calendar_says_since_when_it_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"
