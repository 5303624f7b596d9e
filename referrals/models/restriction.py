from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Membership, Organisation


class OfTheOrganisation(models.QuerySet):  # type: ignore[type-arg]
    """Rows that everybody of an organisation may know of: they say nothing of the person."""

    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)


class RestrictionQuerySet(OfTheOrganisation):
    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def held(self) -> Self:
        """Of referrals that are still here."""
        return self.standing().filter(passed_on_at__isnull=True)


class NamedStaffQuerySet(OfTheOrganisation):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Restriction(models.Model):
    """A referral that only named staff see. Others learn that it exists, and no more."""

    class Why(models.TextChoices):
        KNOWS = "knows", "Somebody here may know the person"
        NAMED = "named", "Somebody here is part of what they tell"
        ASKED = "asked", "The person asked for it"
        OTHER = "other", "Another reason of safeguarding"

    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.CASCADE, related_name="restrictions"
    )
    reference = models.CharField(max_length=11)  # of the referral, which who reads this cannot see
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why.choices)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    passed_on_at = models.DateTimeField(null=True)  # handed over: it hides here what stays

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "organisation"],
                condition=Q(lifted_at__isnull=True),
                name="a_referral_is_restricted_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} since {self.since}"


class NamedStaff(models.Model):
    """Somebody who may see a restricted referral. `reason` is given by who opened it in an
    emergency, without having been named."""

    referral = models.ForeignKey("referrals.Referral", on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = NamedStaffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "user"],
                condition=Q(ended_at__isnull=True),
                name="a_person_is_named_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.referral_id}"
