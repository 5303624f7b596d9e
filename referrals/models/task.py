from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models import Membership, Organisation
from referrals.models.referral import Referral


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, membership: Membership) -> Self:
        """The organisation's own, and those about a referral only while it holds that one."""
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        return self.filter(
            Q(referral__isnull=True) | Exists(held), organisation=membership.organisation_id
        )

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Task(models.Model):
    """Something that a person is to do, about a referral or for the organisation itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        Referral, on_delete=models.CASCADE, null=True, related_name="tasks"
    )
    words = models.CharField(max_length=200)  # no names
    due_on = models.DateField(null=True)  # Europe/London
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_up = models.BooleanField(default=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_up=False) | Q(ended_at__isnull=False),
                name="a_task_given_up_has_ended",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                condition=Q(ended_at__isnull=True),
                name="open_tasks",
            )
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"
