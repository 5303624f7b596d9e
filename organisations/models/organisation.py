from datetime import date, time
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from organisations.lawful_basis import LawfulBasis, SpecialCondition


class Nation(models.TextChoices):
    ENGLAND = "england", "England"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


def every_nation() -> list[str]:
    return list(Nation.values)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_standing(self, on: date) -> Self:
        """Adds `standing`: what the register says of each on that London date.

        The status of the designation in force, else "applicant" while an application is
        undecided, else "none". Oversight bodies are left as "none" too.
        """
        from organisations.models.designation import Application, Designation

        in_force = Designation.objects.filter(organisation=OuterRef("pk")).in_force(on)
        applying = Application.objects.filter(organisation=OuterRef("pk")).undecided(on)
        return self.annotate(
            standing=Coalesce(
                Subquery(in_force.values("status")[:1]),
                models.Case(models.When(models.Exists(applying), then=models.Value("applicant"))),
                models.Value("none"),
            )
        )

    def responders(self) -> Self:
        """Those that are, were or want to be First Responder Organisations."""
        return self.filter(is_oversight=False)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="OrganisationHistory",
)
class Organisation(models.Model):
    """A body on the register: a First Responder Organisation, one that applies to become one,
    or an oversight body that keeps the register. Public."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    is_oversight = models.BooleanField(default=False)
    is_statutory = models.BooleanField(default=False)
    duty_to_notify = models.BooleanField(
        default=False,
        help_text="Section 52 bodies and Home Office commands; not every statutory body.",
    )
    nations = ArrayField(
        models.CharField(max_length=20, choices=Nation.choices), default=every_nation
    )
    email_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    takes = models.CharField(max_length=500, blank=True)  # whom it can take, in words
    telephone = models.CharField(max_length=40, blank=True)  # the public number for referrals
    on_call = models.CharField(max_length=200, blank=True)  # who acts out of hours, and how
    always_open = models.BooleanField(default=False)  # day and night, bank holidays too
    open_days = ArrayField(
        models.PositiveSmallIntegerField(), default=monday_to_friday
    )  # 1 is Monday; closed on the bank holidays of its nation
    opens_at = models.TimeField(default=time(9))  # Europe/London, as is the next one
    closes_at = models.TimeField(default=time(17))
    lawful_basis = models.CharField(max_length=30, choices=LawfulBasis.choices, blank=True)
    special_condition = models.CharField(
        max_length=30, choices=SpecialCondition.choices, blank=True
    )
    last_reviewed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    standing: str  # added by with_standing()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="organisation_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.name
