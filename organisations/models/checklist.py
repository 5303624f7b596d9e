"""What an applicant prepares and asks, whether or not it has applied yet."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models.application import ApplicantsQuerySet, Side
from organisations.models.organisation import Organisation


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def standing(self) -> Self:
        return self.filter(retired_at__isnull=True).order_by("position", "id")


class Criterion(models.Model):
    """A line of our own checklist for applicants. Not the Home Office's: none was found published.
    Never changed, since answers were given to its wording; it is taken off, and another added."""

    title = models.CharField(max_length=200)
    words = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(null=True)  # null: the product came with it
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = CriterionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class ChecklistEntryQuerySet(ApplicantsQuerySet["ChecklistEntry"]):
    def newest(self) -> Self:
        later = ChecklistEntry.objects.filter(
            organisation=OuterRef("organisation"),
            criterion=OuterRef("criterion"),
            number__gt=OuterRef("number"),
        )
        return self.filter(~Exists(later))


class ChecklistEntry(models.Model):
    """How far an applicant is with a line of the checklist. Appended: the newest one stands."""

    class State(models.TextChoices):
        NOT_BEGUN = "not_begun", "Not begun"
        IN_HAND = "in_hand", "In hand"
        DONE = "done", "Done"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    words = models.CharField(max_length=2000, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    objects = ChecklistEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "criterion", "number"],
                name="a_line_of_a_checklist_is_written_in_turn",
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.state}"


class ApplicationMessageQuerySet(ApplicantsQuerySet["ApplicationMessage"]):
    def unread_by(self, side: str) -> Self:
        return self.filter(read_at__isnull=True).exclude(side=side)


class ApplicationMessage(models.Model):
    """A message between an applicant and whoever keeps the register. Never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    text = models.CharField(max_length=2000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # by somebody of the other side
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ApplicationMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="a_message_is_read_by_somebody_at_an_instant",
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class RecruitmentRound(models.Model):
    """A time in which the Home Office takes applications, as it was published. No more is kept."""

    name = models.CharField(max_length=200)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    criteria = models.CharField(max_length=4000, blank=True)
    source = models.CharField(max_length=500)
    known_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("opens_on")),
                name="a_round_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.name
