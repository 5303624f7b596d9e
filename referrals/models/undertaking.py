from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Membership
from referrals.models.referral import Referral, held_by
from referrals.models.wait_event import WaitEvent


class UndertakingQuerySet(models.QuerySet["Undertaking"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(held_by(membership, via="referral__"))


class Undertaking(models.Model):
    """Who acts on a limit in hours that is passed while the office is closed. Appended; the last
    one of a wait holds."""

    class Who(models.TextChoices):
        PERSON = "person", "A colleague"
        ON_CALL = "on_call", "Whoever is on call"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    started_by = models.ForeignKey(WaitEvent, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    who = models.CharField(max_length=10, choices=Who.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()

    objects = UndertakingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(who="person", person__isnull=False)
                | Q(who="on_call", person__isnull=True),
                name="a_colleague_who_acts_is_named",
            )
        ]
        indexes = [
            models.Index(fields=["referral", "rule", "started_by", "-id"], name="who_acts_on_it")
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.who}"
