from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from organisations.models import Membership, Organisation
from organisations.roles import Permission
from referrals.models.referral import Referral
from referrals.models.survivor import WithItsReferral


class HarmQuerySet(WithItsReferral["Harm"]):
    def visible_to(self, membership: Membership) -> Self:
        """The safeguarding lead reads all of it, others what they recorded themselves."""
        rows = super().visible_to(membership)
        if membership.can(Permission.READ_HARM):
            return rows
        return rows.filter(opened_by=membership.user_id)

    def latest(self) -> Self:  # type: ignore[override]
        """Of each incident what was said of it last."""
        later = Harm.objects.filter(incident=OuterRef("incident"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class Harm(models.Model):
    """Harm that came to a person: one version of one incident. Appended: the last one stands.

    The words are sealed with the survivor's key.
    """

    class Kind(models.TextChoices):
        EXPLOITED = "exploited", "Exploited again"
        VIOLENCE = "violence", "Violence or a threat"
        SELF_HARM = "self_harm", "Self-harm or an attempt to die"
        HEALTH = "health", "Serious illness or injury"
        HOMELESS = "homeless", "Lost a safe place to stay"
        REMOVED = "removed", "Detained or removed from the UK"
        MISSING = "missing", "Missing"
        DIED = "died", "Died"
        OTHER = "other", "Something else"

    class Told(models.TextChoices):
        POLICE = "police", "The police"
        AMBULANCE = "ambulance", "An ambulance or a hospital"
        COUNCIL = "council", "The local authority's safeguarding team"
        HOME_OFFICE = "home_office", "The Home Office"
        MANAGER = "manager", "Our manager"
        TRUSTEES = "trustees", "Our trustees or board"

    class Decision(models.TextChoices):
        REPORT = "report", "It is reported to our regulator"
        NO_REPORT = "no_report", "It is not reported to our regulator"

    id = models.UUIDField(primary_key=True, default=uuid4)
    incident = models.UUIDField()  # the id of its first version
    number = models.PositiveIntegerField()
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="harm")
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )  # who recorded the first version
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    happened_on = models.DateField()
    known_on = models.DateField()
    told = ArrayField(models.CharField(max_length=20, choices=Told.choices), default=list)
    what = models.BinaryField()  # sealed, as are the next two
    done = models.BinaryField(null=True)
    why = models.BinaryField(null=True)  # of the decision
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = HarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="one_version_of_a_harm_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_at__isnull=False, why__isnull=False),
                name="a_decision_on_a_harm_says_why",
            ),
            models.CheckConstraint(
                condition=Q(known_on__gte=F("happened_on")),
                name="a_harm_is_known_after_it_happened",
            ),
        ]
        indexes = [models.Index(fields=["referral", "incident"], name="harm_of_a_referral")]

    def __str__(self) -> str:
        return str(self.incident)
