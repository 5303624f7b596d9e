from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organisations.models import Organisation
from referrals.models.referral import Referral
from referrals.models.survivor import WithItsReferral


class Proof(models.Model):
    """A proof of wait that was issued: what it said, sealed, and a hash by which it is known.

    Never changed, but withdrawn. Anybody may ask whether one stands who has its number and the
    beginning of its hash: the database's function `nrm_check_proof` says that and nothing else.
    """

    class For(models.TextChoices):
        REPRESENTATIVE = "representative", "Their legal representative"
        PERSON = "person", "The person themselves"

    class Why(models.TextChoices):
        MISTAKE = "mistake", "It says something wrong"
        CONSENT = "consent", "The person does not consent any more"
        UNSAFE = "unsafe", "It is not safe that it exists"
        LOST = "lost", "It was lost, or somebody else has it"

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="proofs")
    number = models.CharField(max_length=20, unique=True)
    content = models.BinaryField()  # sealed with the survivor's key
    content_hash = models.CharField(max_length=64)
    rests_on = ArrayField(models.BigIntegerField())  # the events (ids) that its lines say
    addressed_to = models.CharField(max_length=20, choices=For.choices)
    safe_to_keep = models.BooleanField()
    names_person = models.BooleanField()
    signed_with = models.CharField(max_length=44)
    signature = models.CharField(max_length=88)
    issued_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=20, choices=Why.choices, blank=True)

    objects: ClassVar[WithItsReferral["Proof"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(safe_to_keep=True) | ~Q(addressed_to="person"),
                name="what_is_not_safe_to_keep_is_not_given_to_them",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="a_proof_withdrawn_says_why",
            ),
        ]
        indexes = [models.Index(fields=["referral", "issued_at"], name="proofs_of_a_referral")]

    def __str__(self) -> str:
        return self.number
