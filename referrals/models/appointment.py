from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models import Membership, Organisation
from referrals.models.referral import Referral


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, membership: Membership) -> Self:
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        return self.filter(Exists(held))

    def unanswered(self) -> Self:
        """Nobody has said yet what came of it, and the referral is open."""
        return self.filter(outcome="", referral__closed_at__isnull=True)


class Appointment(models.Model):
    """When somebody is to be met. A referral meeting stands on the timeline too, as events."""

    class Purpose(models.TextChoices):
        REFERRAL_MEETING = "referral_meeting", "Referral meeting"
        OTHER = "other", "Another appointment"

    class Interpreter(models.TextChoices):
        NOT_NEEDED = "not_needed", "Not needed"
        NEEDED = "needed", "Needed"
        REQUESTED = "requested", "Requested"
        BOOKED = "booked", "Booked"
        NONE_AVAILABLE = "none_available", "None available"

    class Outcome(models.TextChoices):
        HELD = "held", "It was held"
        MISSED = "missed", "The person could not come, or did not"
        CANCELLED = "cancelled", "We cancelled it"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="appointments")
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    place = models.CharField(max_length=200, blank=True)  # with whom and where, without names
    interpreter = models.CharField(
        max_length=20, choices=Interpreter.choices, default=Interpreter.NOT_NEEDED
    )
    language = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True)
                | ~Q(outcome="") & Q(outcome_at__isnull=False),
                name="what_came_of_it_was_said_once",
            ),
            models.CheckConstraint(
                condition=Q(interpreter="not_needed") | ~Q(language=""),
                name="an_interpreter_has_a_language",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at", "referral"],
                condition=Q(outcome=""),
                name="appointments_unanswered",
            )
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"
