from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.models import Membership, Organisation, Reassessment
from organisations.roles import Permission
from referrals.models.threshold import ThresholdVersion


class ThresholdDraftQuerySet(models.QuerySet["ThresholdDraft"]):
    def visible_to(self, membership: Membership) -> Self:
        """What led to a version, or is announced, is for everybody; what else is not decided, for
        who may decide."""
        if membership.can(Permission.CHANGE_THRESHOLDS):
            return self
        return self.filter(
            state__in=[ThresholdDraft.State.APPROVED, ThresholdDraft.State.ANNOUNCED]
        )

    def undecided(self) -> Self:
        return self.filter(state__in=UNDECIDED)


class ThresholdDraft(models.Model):
    """What a threshold shall say next, who wants it and why; what was decided stays as it was.

    `effective_on` is a London date; None: as soon as it is approved. `due_at` is set while one
    person alone lets it take effect after a delay, and stays when it did.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits for a second person"
        ANNOUNCED = "announced", "Takes effect after 24 hours"
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    code = models.CharField(max_length=40)
    base = models.ForeignKey(ThresholdVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    definition = models.JSONField()
    effective_on = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    made = models.OneToOneField(
        ThresholdVersion, on_delete=models.PROTECT, null=True, related_name="draft"
    )
    reassessment = models.ForeignKey(
        Reassessment, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ThresholdDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["open", "announced"]),
                name="one_undecided_draft_of_a_threshold",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", settled_by=F("drafted_by"), due_at__isnull=True),
                name="who_drafts_does_not_approve_at_once",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", made__isnull=False)
                | (~Q(state="approved") & Q(made__isnull=True)),
                name="an_approved_draft_has_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} draft {self.pk}"


UNDECIDED = (ThresholdDraft.State.OPEN, ThresholdDraft.State.ANNOUNCED)


class ThresholdPreview(models.Model):
    """Whom a draft would flag, counted in the background; `cursor` is the last referral looked at.

    `instant` is when the draft would take effect. `lines` names the first of them by reference:
    never by a word for a person. True of one `revision` of the draft.
    """

    draft = models.ForeignKey(ThresholdDraft, on_delete=models.CASCADE, related_name="previews")
    revision = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    instant = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    people = models.PositiveIntegerField(null=True)  # to look at, once that is known
    checked = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)  # people, of whom the next two are part
    at_risk = models.PositiveIntegerField(default=0)
    at_once = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    staying = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    lines = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="previews_to_do"
            )
        ]

    def __str__(self) -> str:
        return f"preview {self.pk} of draft {self.draft_id}"
