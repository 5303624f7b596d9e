from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from organisations.models import Membership
from referrals.models.delay import DelayFlag, TakenUp
from referrals.models.referral import Referral, held_by


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(held_by(membership, via="referral__"))


class Escalation(models.Model):
    """Nobody answers for a delay, so somebody else was told of it. Appended.

    `since` is the instant from which nobody does: when the delay came to stand, or when the day
    came on which whoever took it up was to look again. A delay that stands anew begins anew.
    """

    class Step(models.IntegerChoices):
        REVIEW = 0, "to whoever took it up"
        MANAGER = 1, "to the manager"
        LEAD = 2, "to the safeguarding lead"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    flag = models.ForeignKey(DelayFlag, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Step.choices)
    since = models.DateTimeField()
    at = models.DateTimeField()
    taken_up = models.ForeignKey(TakenUp, on_delete=models.CASCADE, null=True, related_name="+")
    told = ArrayField(models.BigIntegerField(), default=list)  # users, once they were told

    objects = EscalationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "since", "step"], name="a_delay_is_passed_on_once_at_each_step"
            )
        ]
        indexes = [models.Index(fields=["referral", "flag"], name="who_was_told_of_it")]

    def __str__(self) -> str:
        return f"{self.flag_id} {self.get_step_display()}"
