from datetime import date
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from organisations.models.membership import Membership
from organisations.models.organisation import Organisation
from organisations.roles import Permission
from organisations.stages import HOME_OFFICES, Outcome, Stage

M = TypeVar("M", bound=models.Model)


class ApplicantsQuerySet(models.QuerySet[M]):
    """Rows of an applicant: its own people see them, and whoever keeps the register."""

    def visible_to(self, membership: Membership) -> Self:
        if membership.can(Permission.MANAGE_REGISTER):
            return self.all()
        return self.filter(organisation=membership.organisation_id)


class Side(models.TextChoices):
    """Who says so."""

    APPLICANT = "applicant", "the applicant"
    REGISTER = "register", "the register"


class ApplicationQuerySet(ApplicantsQuerySet["Application"]):
    def undecided(self, on: date) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), submitted_on__lte=on)

    def with_last_word(self) -> Self:
        """Adds `last_word_on`: the last London date on which the Home Office wrote, spoke or did
        something that is recorded; None where there is nothing."""
        from organisations.models.application_record import Correspondence, StageEntry

        about = {"application": OuterRef("pk")}
        letters = Correspondence.objects.standing().filter(
            direction=Correspondence.Direction.FROM_HOME_OFFICE, **about
        )
        stages = StageEntry.objects.standing().filter(stage__in=HOME_OFFICES, **about)
        return self.annotate(
            last_word_on=Greatest(
                Subquery(letters.order_by("-on").values("on")[:1]),
                Subquery(stages.order_by("-happened_on").values("happened_on")[:1]),
            )
        )


class Application(models.Model):
    """An organisation's application to become an FRO. The Home Office decides, or does not.

    `stage`, `submitted_on`, `closed_on` and `outcome` are kept equal to its stage entries, and
    `may_be_named` to the newest consent. `checked_at`: when whoever keeps the register looked at
    the evidence that there is such an application.
    """

    Outcome = Outcome

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications"
    )
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.SUBMITTED)
    submitted_on = models.DateField(null=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    source = models.CharField(max_length=500)
    may_be_named = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    last_word_on: date | None  # added by with_last_word()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(closed_on__isnull=True),
                name="one_undecided_application_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="")
                | (Q(closed_on__gte=F("submitted_on")) & ~Q(outcome=""))
                | (Q(closed_on__isnull=False, submitted_on__isnull=True) & ~Q(outcome="")),
                name="application_closes_with_an_outcome_after_it_was_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"Application of {self.submitted_on}"
