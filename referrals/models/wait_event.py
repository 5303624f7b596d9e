from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models import Membership, Organisation
from referrals.catalogue import (
    ANSWER_CODES,
    EVERY_DAYS,
    ConsentType,
    EventCode,
    Given,
    Outcome,
    Precision,
    Risk,
)
from referrals.models.referral import Referral
from referrals.models.restriction import Restriction


class WaitEventQuerySet(models.QuerySet["WaitEvent"]):
    def visible_to(self, membership: Membership) -> Self:
        """Of the referrals held, and what one recorded oneself, wherever that referral is now,
        unless it is restricted here.

        EXISTS, not a join: the second wall hides a referral that went on, and a join with it.
        """
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        restricted = Restriction.objects.visible_to(membership).standing()
        here = Exists(restricted.filter(referral=OuterRef("referral_id")))
        return self.filter(Q(Exists(held)) | (Q(recorded_by=membership.organisation_id) & ~Q(here)))

    def answers_to(self, membership: Membership) -> Self:
        """What organisations answered to whoever acts."""
        own = self.filter(recorded_by=membership.organisation_id, code__in=ANSWER_CODES)
        return own.standing()

    def standing(self) -> Self:
        """Events that nothing supersedes and that were not withdrawn as recorded in error."""
        return self.filter(superseded_by__isnull=True).exclude(code=EventCode.RECORDED_IN_ERROR)

    def standing_at(self, known_at: datetime) -> Self:
        """Those that stood as far as was recorded by an instant: later corrections are undone."""
        return self.filter(
            Q(superseded_by__isnull=True) | Q(superseded_by__recorded_at__gt=known_at),
            recorded_at__lte=known_at,
        ).exclude(code=EventCode.RECORDED_IN_ERROR)


class WaitEvent(models.Model):
    """What happened while somebody waited. Appended, never changed: a wrong one is superseded."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    code = models.CharField(max_length=40, choices=EventCode.choices)
    happened_at = models.DateTimeField()
    precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.EXACT)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )  # whom it concerns: approached, accepted, no capacity
    submitted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    consent_type = models.CharField(max_length=20, choices=ConsentType.choices, blank=True)
    given = models.CharField(max_length=20, choices=Given.choices, blank=True)  # of a consent: how
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    dated_on = models.DateField(null=True)  # the date on the letter
    risk = models.CharField(max_length=40, choices=Risk.choices, blank=True)
    look_again_on = models.DateField(null=True)  # of a pause: when somebody asks whether it goes on
    every_days = models.PositiveSmallIntegerField(null=True)  # how often they are in touch, agreed
    detail = models.TextField(blank=True)
    alike = models.UUIDField(null=True)  # the same on entries recorded for several people at once
    root = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="+"
    )  # the first of a chain of corrections; None on the first itself
    supersedes = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="superseded_by"
    )
    correction_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField()  # of the referral, after this was recorded

    objects = WaitEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, root__isnull=True)
                | Q(supersedes__isnull=False, root__isnull=False),
                name="a_correction_knows_its_first_event",
            ),
            models.CheckConstraint(
                condition=~Q(code=EventCode.RECORDED_IN_ERROR) | Q(supersedes__isnull=False),
                name="recorded_in_error_supersedes_something",
            ),
            models.CheckConstraint(
                condition=Q(
                    code=EventCode.CONTACT_INTERVAL_AGREED,
                    every_days__isnull=False,
                    every_days__range=(EVERY_DAYS[0], EVERY_DAYS[-1]),
                )
                | (~Q(code=EventCode.CONTACT_INTERVAL_AGREED) & Q(every_days__isnull=True)),
                name="an_agreed_interval_has_1_to_56_days",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "happened_at", "id"], name="timeline_of_a_referral"),
            models.Index(
                fields=["recorded_by", "organisation", "-happened_at"],
                condition=Q(organisation__isnull=False),
                name="what_an_organisation_answered",
            ),
            models.Index(
                fields=["alike"],
                condition=Q(alike__isnull=False),
                name="entries_recorded_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.happened_at:%Y-%m-%d}"
