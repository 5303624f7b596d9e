from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organisations.models import Organisation
from referrals.models.referral import Referral
from referrals.models.survivor import WithItsReferral


class WrittenPage(models.Model):
    """A page of questions about a referral as somebody left it. Appended: the newest one stands.

    The answers are sealed with the survivor's key; `referrals.actions.writing` opens them.
    """

    class Page(models.TextChoices):
        """Of the intake, see `referrals.questions`; of the preparation for the Home Office's form,
        see `referrals.home_office`; and the reference that the Home Office gives."""

        SPEAKING = "speaking", "Speaking and taking part"
        SAFETY = "safety", "Safety and health now"
        STAYING = "staying", "Where they stay"
        FIRST_NEEDS = "first_needs", "What they need first"
        HELPERS = "helpers", "Who else helps"
        LEGAL = "legal", "Legal advice"
        CHILDREN = "children", "Children"
        WISHES = "wishes", "What they want from us"
        FIRST_RESPONDER = "first_responder", "First Responder details"
        AGE = "age", "Age confirmation"
        BACKGROUND = "background", "Background"
        EXPLOITATION = "exploitation", "Exploitation details"
        INSIGHT = "insight", "Professional insight"
        PLACES = "places", "Exploitation location"
        EXPLOITERS = "exploiters", "Exploiters"
        CONSENT = "consent", "Consent and support"
        NOTIFICATION = "notification", "Duty to Notify"
        PERSONAL = "personal", "Personal details"
        DECISION = "decision", "Decision making and contact"
        EVIDENCE = "evidence", "Evidence and declaration"
        REFERENCE = "reference", "Home Office reference"

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        NOTHING_MORE = "nothing_more", "Nothing more to ask"
        NOT_YET = "not_yet", "Not yet"
        READY = "ready", "Ready"
        DOES_NOT_APPLY = "does_not_apply", "Does not apply"
        KEPT = "kept", "Kept"

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="written_pages")
    page = models.CharField(max_length=20, choices=Page.choices)
    number = models.PositiveIntegerField()  # of the versions of this page, from 1
    state = models.CharField(max_length=20, choices=State.choices)
    answers = models.BinaryField()
    have = ArrayField(
        models.CharField(max_length=30), default=list
    )  # codes: what is at hand of what `referrals.home_office` needs
    written_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[WithItsReferral["WrittenPage"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "page", "number"], name="a_page_has_one_version_of_a_number"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
