from collections.abc import Collection
from datetime import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Upper

from organisations.lawful_basis import LawfulBasis, SpecialCondition
from organisations.models import Membership, Nation, Organisation
from referrals.catalogue import TIGHTENING_RISKS, TOOK_PART, AgeGroup, EventCode, Risk
from referrals.models.import_run import ImportRun
from referrals.models.restriction import NamedStaff


def held_by(membership: Membership, *, via: str = "") -> Q:
    """The first wall, as a condition on referrals or, `via` a path to one, on rows of theirs: the
    organisation acted for holds it, and, where it is restricted, the person is named."""
    named = NamedStaff.objects.standing().filter(
        referral=OuterRef(f"{via}pk"), user=membership.user_id
    )
    held = Q(**{f"{via}holder": membership.organisation_id})
    return held & (Q(**{f"{via}restricted": False}) | Q(Exists(named)))


def nobodys(here: models.QuerySet[Membership]) -> Q:
    """Referrals whose caseworker is nobody of these members: none, or one who has left."""
    return Q(assigned_to=None) | ~Q(assigned_to__in=here.values("user"))


def _close_reason() -> Coalesce:
    """The code of why a closed referral is closed."""
    from referrals.models.wait_event import WaitEvent

    closing = WaitEvent.objects.standing().filter(
        referral=OuterRef("pk"), code=EventCode.CLOSED, happened_at=OuterRef("closed_at")
    )
    return Coalesce(Subquery(closing.order_by("-id").values("outcome")[:1]), Value(""))


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, membership: Membership) -> Self:
        """The first wall: the referrals that the organisation acted for holds."""
        return self.filter(held_by(membership))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def without_caseworker(self, here: models.QuerySet[Membership]) -> Self:
        """Those of nobody who works here."""
        return self.filter(nobodys(here))

    def at_risk(self) -> Self:
        """Those with a risk that tightens the limits."""
        return self.filter(risks__overlap=list(TIGHTENING_RISKS))

    def without_clock(self) -> Self:
        """Open, not submitted, and nothing measures the wait: none delayed, none about to be."""
        from referrals.models.delay import DelayFlag

        delayed = Exists(DelayFlag.objects.standing().filter(referral=OuterRef("pk")))
        return self.open().filter(
            ~delayed, submitted_at__isnull=True, next_deadline_at__isnull=True
        )

    def closed_as(self, reasons: Collection[str]) -> Self:
        """Closed ones, for one of these reasons; "" is that words alone say why."""
        said = self.filter(closed_at__isnull=False).annotate(close_reason=_close_reason())
        return self.filter(pk__in=said.filter(close_reason__in=reasons).values("pk"))

    def counted_by_reason(self) -> dict[tuple[str, bool], int]:
        """Of closed ones: how many, by reason and whether it was before entry."""
        said = self.filter(closed_at__isnull=False).annotate(
            close_reason=_close_reason(), before=Q(submitted_at__isnull=True)
        )
        counted = said.order_by().values_list("close_reason", "before").annotate(Count("pk"))
        return {(reason, before): number for reason, before, number in counted}

    def out_of_contact(self) -> Self:
        """Open ones of whom the last word is that they are out of contact."""
        from referrals.models.wait_event import WaitEvent

        said = WaitEvent.objects.standing().filter(
            referral=OuterRef("pk"), code__in=[*TOOK_PART, EventCode.CONTACT_LOST]
        )
        latest = said.order_by("-happened_at", Coalesce("root_id", "id").desc()).values("code")
        return (
            self.open()
            .filter(Exists(said.filter(code=EventCode.CONTACT_LOST)))
            .annotate(last_word=Subquery(latest[:1]))
            .filter(last_word=EventCode.CONTACT_LOST)
        )

    def running(self) -> Self:
        """Those on which a rule may still find something."""
        return self.filter(Q(closed_at__isnull=True) | Q(next_deadline_at__isnull=False))

    def due(self, now: datetime) -> Self:
        """Those whose stored next instant has come: the answer may have changed."""
        return self.filter(next_deadline_at__lte=now)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="ReferralHistory",
    fields=["id", "pseudonym", "holder", "assigned_to", "age_group", "nation", "closed_at"],
)
class Referral(models.Model):
    """One survivor's request for help with entering the NRM. No name, no number, no address."""

    class Channel(models.TextChoices):
        TELEPHONE = "telephone", "Telephone"
        IN_PERSON = "in_person", "In person"
        EMAIL = "email", "E-mail or letter"
        ONLINE = "online", "Website or message"

    class Contact(models.TextChoices):
        SURVIVOR = "survivor", "The person themselves"
        FRIEND = "friend", "Somebody they know"
        CHARITY = "charity", "A charity or support worker"
        PUBLIC_BODY = "public_body", "A public body"
        SOLICITOR = "solicitor", "A solicitor"

    reference = models.CharField(max_length=11, unique=True)
    pseudonym = models.CharField(max_length=40)
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    own_reference = models.CharField(max_length=60, blank=True)
    # As they are searched for, whatever the case. Kept rather than computed by the search: behind
    # row-level security an index serves no comparison of an expression.
    called = models.GeneratedField(
        expression=Upper("pseudonym"), output_field=models.TextField(), db_persist=True
    )
    called_by_us = models.GeneratedField(
        expression=Upper("own_reference"), output_field=models.TextField(), db_persist=True
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_new_to_caseworker = models.BooleanField(default=False)  # given to them, not yet opened
    age_group_at_opening = models.CharField(max_length=20, choices=AgeGroup.choices)
    age_group = models.CharField(max_length=20, choices=AgeGroup.choices)
    nation = models.CharField(max_length=20, choices=Nation.choices)
    risks = ArrayField(
        models.CharField(max_length=40, choices=Risk.choices), default=list, blank=True
    )  # those that stand, from the timeline
    restricted = models.BooleanField(default=False)  # to named staff; see Restriction
    turns_18_on = models.DateField(null=True)
    made_contact = models.CharField(max_length=20, choices=Contact.choices, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices, blank=True)
    lawful_basis = models.CharField(
        max_length=30, choices=LawfulBasis.choices, blank=True
    )  # where it is not the holder's usual one; so the next
    special_condition = models.CharField(
        max_length=30, choices=SpecialCondition.choices, blank=True
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+"
    )  # an earlier referral of the same person, closed, whose request was another one
    imported_by = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, related_name="referrals"
    )  # the list that it came with
    opened_at = models.DateTimeField()
    first_contact_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    next_deadline_at = models.DateTimeField(null=True)
    assessment_failed_at = models.DateTimeField(null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "own_reference"],
                condition=~Q(own_reference=""),
                name="own_reference_is_unique_in_an_organisation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_deadline_at", "id"],
                condition=Q(next_deadline_at__isnull=False),
                name="referrals_that_can_come_due",
            ),
            models.Index(
                fields=["holder", "first_contact_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="open_referrals_by_wait",
            ),
            models.Index(fields=["holder", "id"], name="referrals_of_an_organisation"),
            models.Index(fields=["holder", "called"], name="referrals_by_the_word"),
            models.Index(fields=["holder", "called_by_us"], name="referrals_by_own_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class TimeRange(Func):
    function = "tstzrange"


class Custody(models.Model):
    """Who was responsible for a referral, and when: [since, until). The shares of a wait add up."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="custody")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="custody_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="no_two_organisations_responsible_at_once",
                expressions=[
                    ("referral", RangeOperators.EQUAL),
                    (TimeRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} at {self.organisation_id} since {self.since}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(organisation=membership.organisation_id)


class Submission(models.Model):
    """A form that was sent. The page gives each form a key, so that pressing twice acts once."""

    key = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    sent_at = models.DateTimeField()

    objects = SubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.key)
