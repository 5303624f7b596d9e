from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Membership, Organisation


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)


class ImportRun(models.Model):
    """A list that somebody brought: looked through, imported in the background, perhaps undone.

    What it says is sealed, and wiped when it is imported, given up or a day old.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        WAITING = "waiting", "To be imported"
        DONE = "done", "Imported"
        FAILED = "failed", "Not imported"
        GIVEN_UP = "given_up", "Given up"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    content = models.BinaryField(null=True)
    master = models.CharField(max_length=40)  # the name of the key that opens the next one
    wrapped = models.BinaryField(null=True)
    columns = models.JSONField(default=dict)  # by table: their heading to our column
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # of `people`, so far
    people = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=1000, blank=True)  # what was done or is in the way
    added_to = models.PositiveIntegerField(default=0)  # referrals that were here before
    imported_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=True) | Q(state__in=["uploaded", "waiting"]),
                name="what_was_imported_is_wiped",
            )
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=["uploaded", "waiting"]),
                name="imports_to_do",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
