from typing import ClassVar

from django.db import models

from referrals.models.referral import Referral
from referrals.models.survivor import WithItsReferral


class NameMark(models.Model):
    """A part of somebody's name, or their date of birth, as a value that says nothing without a
    master key. Made by `referrals.names`; gone when who the person is was erased."""

    class Kind(models.TextChoices):
        NAME = "name", "Part of a name"
        BORN = "born", "Date of birth"

    referral = models.ForeignKey(
        Referral, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=4, choices=Kind.choices)
    value = models.BinaryField()
    master = models.CharField(max_length=40)  # the name of the master key

    objects: ClassVar[WithItsReferral["NameMark"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "value"], name="a_part_of_a_name_is_marked_once"
            )
        ]
        indexes = [models.Index(fields=["value"], name="people_by_name")]

    def __str__(self) -> str:
        return str(self.pk)
