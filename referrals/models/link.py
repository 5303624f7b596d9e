from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from organisations.models import Membership
from referrals.models.referral import Referral, held_by


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, membership: Membership) -> Self:
        """Both ends: a link never tells of a referral that one may not see."""
        return self.filter(
            held_by(membership, via="referral__"), held_by(membership, via="other__")
        )

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def of(self, referral: Referral) -> Self:
        """It stands at either end."""
        return self.filter(Q(referral=referral) | Q(other=referral))

    def between(self, one: Referral, other: Referral) -> Self:
        return self.filter(Q(referral=one, other=other) | Q(referral=other, other=one))


class Link(models.Model):
    """Two referrals whose people belong together, or are said not to be one person. Each keeps its
    own timeline. It ends, and is not removed."""

    class Kind(models.TextChoices):
        CHILD = "child", "Child and parent"  # `referral` is the child
        SIBLING = "sibling", "Brothers and sisters"
        PARTNER = "partner", "Partners"
        FAMILY = "family", "Other family"
        TOGETHER = "together", "Came together"
        SAME = "same", "The same person"
        NOT_SAME = "not_same", "Not the same person"

    class Danger(models.TextChoices):
        NO = "no", "No danger"
        REFERRAL = "referral", "The one under `referral` may be a danger to the other"
        OTHER = "other", "The one under `other` may be a danger to the first"
        UNCLEAR = "unclear", "One may be a danger to the other, it is not clear which"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    danger = models.CharField(max_length=10, choices=Danger.choices, blank=True)  # "": not asked
    linked_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(referral=F("other")), name="nobody_is_linked_with_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_link_that_ended_was_ended_by_somebody",
            ),
            models.UniqueConstraint(
                Least("referral", "other"),
                Greatest("referral", "other"),
                condition=Q(ended_at__isnull=True),
                name="two_people_are_linked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
