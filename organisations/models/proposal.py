from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models.designation import Designation
from organisations.models.organisation import Organisation


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def undecided(self) -> Self:
        return self.filter(state__in=[Proposal.State.OPEN, Proposal.State.ANNOUNCED])


class Proposal(models.Model):
    """A designation that somebody recorded and that a second person has still to confirm.

    `due_at` is set while one person alone lets it stand after a delay, and stays when it did.
    `bulk` is common to those that came with one list.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits for a second person"
        ANNOUNCED = "announced", "Stands after 24 hours"
        CONFIRMED = "confirmed", "Confirmed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals"
    )
    desk = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateField()
    known_from = models.DateField()
    scope = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=20, choices=Designation.Cause.choices)
    told_by = models.CharField(max_length=20, choices=Designation.ToldBy.choices)
    reason = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=500)
    bulk = models.UUIDField(null=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    made = models.OneToOneField(
        Designation, on_delete=models.PROTECT, null=True, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=["open", "announced"]),
                name="one_designation_to_confirm_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed", settled_by=F("proposed_by"), due_at__isnull=True),
                name="who_records_a_designation_does_not_confirm_it_at_once",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", made__isnull=False)
                | (~Q(state="confirmed") & Q(made__isnull=True)),
                name="a_confirmed_designation_is_in_the_register",
            ),
        ]

    def __str__(self) -> str:
        return f"designation of {self.organisation_id} from {self.effective_from}"
