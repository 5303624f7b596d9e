from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from organisations.models import Membership, Nation, Organisation
from referrals.catalogue import AgeGroup
from referrals.models.referral import Referral
from referrals.models.restriction import Restriction
from referrals.models.wait_event import WaitEvent


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, membership: Membership) -> Self:
        """What one's organisation was asked, and what it asked: while it holds the referral, to
        whoever sees that one; afterwards to everybody, unless it was restricted here."""
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        restricted = Restriction.objects.visible_to(membership).standing()
        here = Exists(restricted.filter(referral=OuterRef("referral_id")))
        sent = Q(sender=membership.organisation_id) & (Q(Exists(held)) | ~Q(here))
        return self.filter(Q(receiver=membership.organisation_id) | sent)

    def asked_of(self, membership: Membership) -> Self:
        return self.filter(receiver=membership.organisation_id)

    def sent_by(self, membership: Membership) -> Self:
        return self.filter(sender=membership.organisation_id)

    def unanswered(self) -> Self:
        return self.filter(state__in=HandOver.UNANSWERED)

    def read_on(self) -> Self:
        """Accepted, and whoever handed it over may read on until a day that may have passed."""
        return self.filter(
            state=HandOver.State.ACCEPTED, read_on_days__isnull=False, reading_ended_at=None
        )


class HandOver(models.Model):
    """One organisation asks another to take a referral. Until that one accepts, it learns what
    stands here and nothing else: neither the reference nor a word of the person."""

    class State(models.TextChoices):
        SENT = "sent", "Not answered yet"
        INTERESTED = "interested", "Interested: the language was shown"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"
        LAPSED = "lapsed", "Lapsed without an answer"

    class Reason(models.TextChoices):
        CAPACITY = "capacity", "No room now"
        SCOPE = "scope", "Outside what they take"
        LANGUAGE = "language", "No interpreter or worker for them"
        OTHER = "other", "Another reason"
        TAKEN_BACK = "taken_back", "Whoever asked took it back"
        ELSEWHERE = "elsewhere", "Another organisation accepted"
        CONSENT = "consent", "The person no longer agrees to sharing"
        CLOSED = "closed", "The referral was closed"

    class ReadingEnded(models.TextChoices):
        PERSON = "person", "The person no longer agrees to it"
        NOT_NEEDED = "not_needed", "It is not needed any more"
        CONSENT = "consent", "The person no longer agrees to sharing"
        RESTRICTED = "restricted", "The referral was restricted"

    UNANSWERED: ClassVar = (State.SENT, State.INTERESTED)
    MOST_DAYS: ClassVar = 90  # of reading on

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(
        WaitEvent, on_delete=models.CASCADE, related_name="+"
    )  # the entry by which sharing was agreed to
    several_agreed = models.BooleanField(default=False)  # to several being asked at once
    age_group = models.CharField(max_length=20, choices=AgeGroup.choices)
    nation = models.CharField(max_length=20, choices=Nation.choices)
    needs_interpreter = models.BooleanField(null=True)  # None: nobody recorded how contact is safe
    at_risk = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    language = models.CharField(max_length=60, blank=True)  # while they are interested
    reference = models.CharField(max_length=11, blank=True)  # once accepted
    own_reference = models.CharField(max_length=60, blank=True)  # the sender's, once accepted
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    interest_at = models.DateTimeField(null=True)
    interest_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    told_late_at = models.DateTimeField(null=True)  # when both sides were told that nobody answered
    read_on_days = models.PositiveSmallIntegerField(
        null=True
    )  # how long the person agreed that the sender reads on; None: not at all
    reading_ended_at = models.DateTimeField(null=True)  # before its time
    reading_ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reading_ended_why = models.CharField(max_length=10, choices=ReadingEnded.choices, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="nobody_hands_over_to_themselves"
            ),
            models.CheckConstraint(
                condition=Q(language="") | Q(state__in=("interested", "accepted")),
                name="a_language_is_shown_to_who_is_interested",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted") ^ Q(reference=""),
                name="a_reference_is_shown_to_who_accepted",
            ),
            models.CheckConstraint(
                condition=Q(own_reference="") | Q(state="accepted"),
                name="a_reference_of_the_senders_is_shown_to_who_accepted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "interested"), ended_at__isnull=True)
                | Q(ended_at__gte=F("sent_at")) & ~Q(state__in=("sent", "interested")),
                name="a_hand_over_that_was_answered_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(read_on_days__isnull=True)
                | Q(read_on_days__range=(1, 90), restricted=False),
                name="nobody_reads_on_for_long_or_what_is_restricted",
            ),
            models.UniqueConstraint(
                fields=["referral", "receiver"],
                condition=Q(state__in=("sent", "interested")),
                name="an_organisation_is_asked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(state__in=("sent", "interested"), several_agreed=False),
                name="one_is_asked_at_a_time_unless_they_agreed",
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "-sent_at"], name="what_was_asked_of_us"),
            models.Index(fields=["sender", "-sent_at"], name="what_we_asked_of_others"),
            models.Index(
                fields=["sender", "own_reference"],
                condition=~Q(own_reference=""),
                name="handed_over_by_own_reference",
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(state__in=("sent", "interested"), told_late_at__isnull=True),
                name="answers_to_wait_for",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_unanswered(self) -> bool:
        return self.state in self.UNANSWERED

    @property
    def reads_until(self) -> datetime | None:
        """Until when whoever handed it over may read on, as far as stands here."""
        if self.state != self.State.ACCEPTED or self.reading_ended_at or self.ended_at is None:
            return None
        return self.ended_at + timedelta(days=self.read_on_days) if self.read_on_days else None
