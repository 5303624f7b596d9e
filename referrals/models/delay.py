from collections.abc import Collection
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from organisations.models import Membership
from referrals.catalogue import Severity
from referrals.models.referral import Referral, held_by
from referrals.models.wait_event import WaitEvent


class Told(models.TextChoices):
    """Who learns of a delay: every rule is measured; few ring a bell."""

    AT_ONCE = "at_once", "A notice at once"
    TODAY = "today", "On the Today list"
    LIST = "list", "In lists"
    MEASURED = "measured", "In figures only"


RINGING = (Told.AT_ONCE, Told.TODAY)  # the levels that ask for somebody now


class DelayFlagQuerySet(models.QuerySet["DelayFlag"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(held_by(membership, via="referral__"))

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True, retracted_at__isnull=True)

    def recorded_late(self) -> Self:
        """Taken back because what they waited for had happened in time, and was recorded later."""
        late = WaitEvent.objects.filter(
            referral=OuterRef("referral"),
            recorded_at=OuterRef("retracted_at"),
            happened_at__lte=OuterRef("breached_at"),
            supersedes__isnull=True,
        )
        return self.filter(Exists(late), retracted_at__isnull=False)


class DelayFlag(models.Model):
    """A wait outlasted a limit. Raised, ended or retracted; never deleted.

    `breached_at` is the deadline itself, whenever it was noticed; `raised_at` is when we did.
    """

    class EndReason(models.TextChoices):
        ENDED = "ended", "What was waited for happened"
        NO_LONGER_APPLIES = "no_longer_applies", "The limit no longer applies"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="flags")
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    started_by = models.ForeignKey(WaitEvent, on_delete=models.CASCADE, related_name="+")
    told = models.CharField(max_length=10, choices=Told.choices)
    waits_on = models.CharField(max_length=20)  # who can end the wait
    started_at = models.DateTimeField()
    breached_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    retracted_at = models.DateTimeField(null=True)
    escalates_at = models.DateTimeField(null=True)  # when to look whether anybody answers for it

    objects = DelayFlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "rule", "severity", "started_by"],
                name="a_wait_is_flagged_once_at_each_severity",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("breached_at")),
                name="flag_ends_after_its_breach",
            ),
            models.CheckConstraint(
                condition=Q(raised_at__gte=F("breached_at")),
                name="flag_is_never_raised_early",
            ),
        ]
        indexes = [
            models.Index(
                fields=["referral"],
                condition=Q(ended_at__isnull=True, retracted_at__isnull=True),
                name="standing_flags",
            ),
            models.Index(
                fields=["escalates_at", "id"],
                condition=Q(escalates_at__isnull=False),
                name="flags_that_may_escalate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.severity}"

    @property
    def asks_for_somebody(self) -> bool:
        """It stands, and somebody is told of it at once or on the day."""
        ended = self.ended_at is not None or self.retracted_at is not None
        return self.told in RINGING and not ended


class TakenUp(models.Model):
    """Somebody answers for a delay: why, what is being done, when to look again. Appended.

    Where nothing new was written, `holds` is what somebody who had just spoken with the person said
    of the `plan` that was; of one that does not hold the day to look again is that day.
    """

    class Reason(models.TextChoices):
        FRO_CAPACITY = "fro_capacity", "An organisation has no capacity"
        INTERPRETER = "interpreter", "No interpreter"
        SURVIVOR_TIME = "survivor_time", "Time the survivor asked for"
        LOCAL_AUTHORITY = "local_authority", "The local authority has not answered"
        HOME_OFFICE = "home_office", "The Home Office has not answered"
        OUR_CAPACITY = "our_capacity", "We have no capacity"
        OTHER = "other", "Something else"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="taken_up")
    rule = models.CharField(max_length=40)
    started_by = models.ForeignKey(WaitEvent, on_delete=models.CASCADE, related_name="+")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    action = models.CharField(max_length=500)
    review_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    plan = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    holds = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=True, holds__isnull=True)
                | Q(plan__isnull=False, holds__isnull=False),
                name="what_holds_is_a_plan",
            )
        ]
        indexes = [
            models.Index(fields=["referral", "rule", "started_by", "-id"], name="who_took_it_up")
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.action}"

    @property
    def written(self) -> "TakenUp":
        """The plan in somebody's own words."""
        return self.plan or self


class DelayQuerySet(models.QuerySet["Delay"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(held_by(membership, via="referral__"))

    def with_attention(self, today: date) -> Self:
        """Adds `attention`: new, owned or due (for review) on that London date.

        Taken up at a lesser severity counts as due for review.
        """
        return self.annotate(
            attention=Case(
                When(taken_up__isnull=True, then=Value(Attention.NEW)),
                When(
                    Q(review_on__gt=today, rank__lte=F("taken_up_rank")),
                    then=Value(Attention.OWNED),
                ),
                default=Value(Attention.DUE),
            )
        )

    def ringing(self) -> Self:
        """Told at once or on the Today list."""
        return self.filter(told__in=RINGING)

    def with_a_plan(self) -> Self:
        """Told today, and taken up as bad as they are: whether the plan holds can be asked. What
        became worse asks anew, and what is told at once is never put off by an answer alone."""
        return self.filter(
            told=Told.TODAY, taken_up__isnull=False, rank__lte=F("taken_up_rank")
        ).select_related("taken_up__plan")

    def needing_attention(self, today: date) -> Self:
        return self.ringing().with_attention(today).exclude(attention=Attention.OWNED)

    def with_attention_in(self, wanted: Collection[str], today: date) -> Self:
        """Those whose attention is one of these on that London date."""
        return self.with_attention(today).filter(attention__in=wanted)

    def worst_first(self) -> Self:
        return self.order_by("-rank", "breached_at", "id")


class Attention(models.TextChoices):
    NEW = "new", "Nobody has taken this up"
    OWNED = "owned", "Taken up"
    DUE = "due", "Due for review"


class Delay(models.Model):
    """One delay: the standing flags of one wait, at their worst. A view; nothing writes it."""

    id = models.BigIntegerField(primary_key=True)  # of the worst flag
    referral = models.ForeignKey(Referral, on_delete=models.DO_NOTHING, related_name="delays")
    rule = models.CharField(max_length=40)
    started_by = models.ForeignKey(WaitEvent, on_delete=models.DO_NOTHING, related_name="+")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    rank = models.IntegerField()
    told = models.CharField(max_length=10, choices=Told.choices)
    waits_on = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    breached_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    taken_up = models.ForeignKey(TakenUp, on_delete=models.DO_NOTHING, null=True, related_name="+")
    review_on = models.DateField(null=True)
    taken_up_rank = models.IntegerField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    attention: str  # added by with_attention()

    objects = DelayQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "referrals_delay"

    def __str__(self) -> str:
        return f"{self.rule} {self.severity}"
