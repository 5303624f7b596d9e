from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Organisation
from referrals.models.referral import Referral
from referrals.models.survivor import WithItsReferral


class Note(models.Model):
    """What somebody wrote about a referral. Never changed: a wrong one is struck through.

    The text is sealed with the survivor's key; `referrals.actions.noting` opens it.
    """

    class Why(models.TextChoices):
        SOMEBODY_ELSE = "somebody_else", "It is about somebody else"
        NOT_ACCURATE = "not_accurate", "It is not accurate"
        OPINION = "opinion", "It is opinion, not fact"
        TWICE = "twice", "It was written twice"

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="notes")
    text = models.BinaryField()
    written_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=20, choices=Why.choices, blank=True)

    objects: ClassVar[WithItsReferral["Note"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="a_note_struck_through_says_why",
            )
        ]
        indexes = [models.Index(fields=["referral", "written_at"], name="notes_of_a_referral")]

    def __str__(self) -> str:
        return str(self.pk)
