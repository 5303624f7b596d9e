from datetime import date, time
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from organisations.lawful_basis import LawfulBasis, SpecialCondition
from organisations.scope import Exploitation, Gender, Kind, Known, Takes


class Nation(models.TextChoices):
    ENGLAND = "england", "England"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


def every_nation() -> list[str]:
    return list(Nation.values)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_standing(self, on: date, *, by_evidence: bool = False) -> Self:
        """Adds `standing`: what the register says of each on that London date.

        The status of the designation in force, else "applicant" while an application is
        undecided. Where nothing is recorded, what published lists say: "disputed" where they
        disagree, "listed" where they name it. Else, and for oversight bodies, "none".

        `by_evidence`:
        of applications, those alone of which whoever keeps the register has seen evidence.
        """
        from organisations.models.application import Application
        from organisations.models.designation import Designation
        from organisations.models.listing import Listing

        in_force = Designation.objects.filter(organisation=OuterRef("pk")).in_force(on)
        applying = Application.objects.filter(organisation=OuterRef("pk")).undecided(on)
        if by_evidence:
            applying = applying.filter(checked_at__isnull=False)
        lists = Listing.objects.filter(organisation=OuterRef("pk")).not_settled()
        named, missing = lists.filter(says=Listing.Says.NAMED), lists.who_do_not_name()
        return self.annotate(
            standing=Coalesce(
                Subquery(in_force.values("status")[:1]),
                models.Case(
                    models.When(Exists(applying), then=models.Value("applicant")),
                    models.When(Exists(named) & Exists(missing), then=models.Value("disputed")),
                    models.When(Exists(named), then=models.Value("listed")),
                ),
                models.Value("none"),
            )
        )

    def standing_as(self, standing: str, *, on: date) -> Self:
        """Those of one standing on a London date."""
        return self.with_standing(on).filter(standing=standing)

    def shown_in_public(self, on: date) -> Self:
        """Those with a page for everybody. Of others there is none: that an organisation is on the
        register at all could tell that it has applied, which it may not have agreed to. Nor of an
        applicant that nobody but itself says has applied."""
        return self.responders().with_standing(on, by_evidence=True).exclude(standing="none")

    def lists_disagree(self) -> Self:
        """Some list names it and another, which should, does not."""
        from organisations.models.listing import Listing

        lists = Listing.objects.filter(organisation=OuterRef("pk"))
        return self.filter(
            Exists(lists.filter(says=Listing.Says.NAMED)), Exists(lists.who_do_not_name())
        )

    def taking(self, column: str, value: str) -> Self:
        """Those that take such a person, and those of which that is not known."""
        return self.filter(Q(**{f"{column}__contains": [value]}) | Q(**{column: []}))

    def responders(self) -> Self:
        """Those that are, were or want to be First Responder Organisations."""
        return self.filter(is_oversight=False)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="OrganisationHistory",
)
class Organisation(models.Model):
    """A body on the register: a First Responder Organisation, one that applies to become one,
    or an oversight body that keeps the register. Public."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    is_oversight = models.BooleanField(default=False)
    is_statutory = models.BooleanField(default=False)
    duty_to_notify = models.BooleanField(
        default=False,
        help_text="Section 52 bodies and Home Office commands; not every statutory body.",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    is_group = models.BooleanField(default=False)  # stands for every body of its kind
    succeeded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    # Whom it takes. Of each of these: empty means that it is not known.
    nations = ArrayField(
        models.CharField(max_length=20, choices=Nation.choices), default=every_nation
    )
    age_groups = ArrayField(
        models.CharField(max_length=20, choices=Takes.choices), default=list, blank=True
    )
    genders = ArrayField(
        models.CharField(max_length=20, choices=Gender.choices), default=list, blank=True
    )
    exploitation = ArrayField(
        models.CharField(max_length=20, choices=Exploitation.choices), default=list, blank=True
    )
    client_group = models.CharField(max_length=500, blank=True)
    languages = models.CharField(max_length=300, blank=True)
    access = models.CharField(max_length=300, blank=True)  # step-free, sign language, by video
    self_referral = models.CharField(max_length=3, choices=Known.choices, blank=True)
    email_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    takes = models.CharField(max_length=500, blank=True)  # whom it can take, in words
    telephone = models.CharField(max_length=40, blank=True)  # the public number for referrals
    on_call = models.CharField(max_length=200, blank=True)  # who acts out of hours, and how
    always_open = models.BooleanField(default=False)  # day and night, bank holidays too
    open_days = ArrayField(
        models.PositiveSmallIntegerField(), default=monday_to_friday
    )  # 1 is Monday; closed on the bank holidays of its nation
    opens_at = models.TimeField(default=time(9))  # Europe/London, as is the next one
    closes_at = models.TimeField(default=time(17))
    lawful_basis = models.CharField(max_length=30, choices=LawfulBasis.choices, blank=True)
    special_condition = models.CharField(
        max_length=30, choices=SpecialCondition.choices, blank=True
    )
    last_reviewed_on = models.DateField(null=True, blank=True)
    # That it is not designated, whatever a list says: when that was recorded, and by what.
    lists_settled_at = models.DateTimeField(null=True, blank=True)
    lists_settled_with = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    standing: str  # added by with_standing()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="organisation_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_kept_by_somebody(self) -> bool:
        """Whether a person checked or changed the entry: then no source overwrites it."""
        return self.last_reviewed_on is not None or self.changed_by_id is not None
