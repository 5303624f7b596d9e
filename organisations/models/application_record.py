"""What is appended to an application: its stages, what was said with the Home Office, and whether
the applicant may be named."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models.application import ApplicantsQuerySet, Application, Side
from organisations.models.organisation import Organisation
from organisations.stages import Stage


class OfApplication(models.Model):
    """Says whose application it is of, so that the database need not look elsewhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class StageEntryQuerySet(ApplicantsQuerySet["StageEntry"]):
    def standing(self) -> Self:
        """Without those that were corrected or recorded in error."""
        return self.filter(superseded_by__isnull=True).exclude(stage=Stage.NOT_SO)


class StageEntry(OfApplication):
    """A stage that an application came to on a London date; `known_on`: when whoever recorded it
    learnt of it. Never changed: a correction supersedes it."""

    stage = models.CharField(max_length=20, choices=Stage.choices)
    happened_on = models.DateField()
    known_on = models.DateField()
    words = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=500)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )

    objects = StageEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.stage} on {self.happened_on}"


class CorrespondenceQuerySet(ApplicantsQuerySet["Correspondence"]):
    def standing(self) -> Self:
        return self.filter(struck_at__isnull=True)


class Correspondence(OfApplication):
    """Something said between the applicant and the Home Office. Never changed, but struck out."""

    class Direction(models.TextChoices):
        FROM_HOME_OFFICE = "from_home_office", "From the Home Office"
        TO_HOME_OFFICE = "to_home_office", "To the Home Office"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        TELEPHONE = "telephone", "Telephone"
        MEETING = "meeting", "Meeting"
        OTHER = "other", "Something else"

    on = models.DateField()
    direction = models.CharField(max_length=20, choices=Direction.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    gist = models.CharField(max_length=1000)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = CorrespondenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True)
                | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="correspondence_is_struck_out_by_somebody_at_an_instant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} on {self.on}"


class NamingConsentQuerySet(ApplicantsQuerySet["NamingConsent"]):
    def newest_first(self) -> Self:
        return self.order_by("-id")


class NamingConsent(OfApplication):
    """Whether the applicant may be named in public as waiting for a decision. The newest counts."""

    given = models.BooleanField()
    on = models.DateField()
    told = models.CharField(max_length=300)  # how we know

    objects = NamingConsentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{'given' if self.given else 'not given'} on {self.on}"
