from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models import Membership, Organisation
from referrals.models.referral import Referral
from referrals.models.restriction import Restriction

A_DAY = 24 * 60  # minutes
MOST = 1_000_000  # pence


class EffortKind(models.TextChoices):
    INTERVIEW = "interview", "Interview"
    INTERPRETER = "interpreter", "Interpreter"
    TRAVEL = "travel", "Travel"
    DRAFTING = "drafting", "Drafting"
    OTHER = "other", "Other"


class EffortQuerySet(models.QuerySet["Effort"]):
    def visible_to(self, membership: Membership) -> Self:
        """What one's organisation logged: while it holds the referral, to whoever sees that one;
        afterwards to everybody, unless it was restricted here."""
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        restricted = Restriction.objects.visible_to(membership).standing()
        here = Exists(restricted.filter(referral=OuterRef("referral_id")))
        own = Q(organisation=membership.organisation_id)
        return self.filter(own & (Q(Exists(held)) | ~Q(here)))

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Effort(models.Model):
    """Time that an organisation spent on a referral, or what it paid: never a word about anybody.
    Appended; a mistaken one is taken back."""

    class Why(models.TextChoices):
        AMOUNT = "amount", "The time or the amount is wrong"
        DAY = "day", "The day is wrong"
        KIND = "kind", "It was of another kind"
        REFERRAL = "referral", "It was for another referral"
        TWICE = "twice", "It is logged twice"

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="efforts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EffortKind.choices)
    minutes = models.PositiveIntegerField(default=0)
    pence = models.PositiveIntegerField(default=0)  # expenses
    day = models.DateField()  # of London
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=20, choices=Why.choices, blank=True)

    objects = EffortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0) | Q(pence__gt=0), name="an_effort_takes_time_or_money"
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=A_DAY, pence__lte=MOST),
                name="an_effort_is_no_longer_than_a_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="an_effort_withdrawn_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "day"], name="efforts_of_a_referral"),
            models.Index(fields=["organisation", "day"], name="efforts_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.minutes} minutes, {self.pence} pence"


class RateQuerySet(models.QuerySet["Rate"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)


class Rate(models.Model):
    """What an hour of a kind costs an organisation, from a London date on; without a kind, of those
    that have no rate of their own. Appended: of one kind and date the last one counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EffortKind.choices, blank=True)
    pence_an_hour = models.PositiveIntegerField()
    valid_from = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pence_an_hour__lte=MOST), name="an_hour_costs_no_fortune"
            )
        ]
        indexes = [models.Index(fields=["organisation", "kind"], name="rates_of_an_organisation")]

    def __str__(self) -> str:
        return f"{self.kind or 'any'}: {self.pence_an_hour} pence an hour from {self.valid_from}"
