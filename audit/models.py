from typing import Protocol, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Actor(Protocol):
    """Who acts. A Membership is one; a command that acts for an organisation is another."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def organisation_id(self) -> int: ...


class Action(models.TextChoices):
    """What was done or seen, worded as the end of "Ash ..."."""

    REFERRAL_OPENED = "referral_opened", "logged the referral"
    REFERRAL_VIEWED = "referral_viewed", "looked at the referral"
    EVENTS_RECORDED = "events_recorded", "recorded what happened"
    EVENT_CORRECTED = "event_corrected", "corrected an entry"
    REFERRAL_CLOSED = "referral_closed", "closed the referral"
    REFERRAL_REOPENED = "referral_reopened", "reopened the referral"
    DELAY_TAKEN_UP = "delay_taken_up", "took up a delay"
    PLAN_ANSWERED = "plan_answered", "said whether a plan for a delay holds"
    WHO_ACTS_SAID = "who_acts_said", "said who acts out of hours"
    NOTICES_CHOSEN = "notices_chosen", "chose what is sent by e-mail"
    IMPORT_UNDONE = "import_undone", "removed what a list had brought"
    LIST_EXPORTED = "list_exported", "exported a list"
    LIST_IMPORTED = "list_imported", "imported a list"
    WORD_CHANGED = "word_changed", "changed the word for the person"
    IDENTITY_RECORDED = "identity_recorded", "recorded who the person is"
    IDENTITY_SHOWN = "identity_shown", "was shown who the person is"
    IDENTITY_ERASED = "identity_erased", "erased who the person is"
    NAME_SEARCHED = "name_searched", "searched by name"
    FOUND_BY_NAME = "found_by_name", "found the referral by the person's name"
    BASIS_DECIDED = "basis_decided", "decided on what the record is kept"
    NOTIFICATION_PREPARED = "notification_prepared", "prepared a Duty to Notify"
    CONTACT_AGREED = "contact_agreed", "recorded how contact is safe"
    PROOF_ISSUED = "proof_issued", "issued a proof of wait"
    PROOF_SHOWN = "proof_shown", "opened a proof of wait"
    PROOF_WITHDRAWN = "proof_withdrawn", "withdrew a proof of wait"
    HARM_RECORDED = "harm_recorded", "recorded harm"
    HARM_SHOWN = "harm_shown", "read what harm was recorded"
    HARM_DECIDED = "harm_decided", "decided on a report to the regulator"
    REFERRAL_RESTRICTED = "referral_restricted", "restricted the referral to named staff"
    RESTRICTION_LIFTED = "restriction_lifted", "lifted the restriction"
    OPENED_IN_EMERGENCY = "opened_in_emergency", "opened the restricted referral in an emergency"
    EMERGENCY_ENDED = "emergency_ended", "ended an access that was opened in an emergency"
    LINK_MADE = "link_made", "said how the person belongs to another one"
    LINK_ENDED = "link_ended", "ended a link with another person"
    HAND_OVER_SENT = "hand_over_sent", "asked another organisation to take the referral"
    HAND_OVER_WITHDRAWN = "hand_over_withdrawn", "took back what another organisation was asked"
    HAND_OVER_LOOKED_AT = "hand_over_looked_at", "was shown the language of somebody handed over"
    HAND_OVER_ACCEPTED = "hand_over_accepted", "accepted the referral from another organisation"
    READ_ON = "read_on", "read on, as the person agreed, after handing the referral over"
    READING_ENDED = "reading_ended", "ended the reading on of who had handed the referral over"
    HAND_OVER_DECLINED = "hand_over_declined", "declined to take a referral"
    NOTE_ADDED = "note_added", "wrote a note"
    NOTE_WITHDRAWN = "note_withdrawn", "struck a note through"
    PAGE_WRITTEN = "page_written", "wrote a page of the intake or for the Home Office form"
    FORM_PRINTED = "form_printed", "opened the notes for the Home Office form to print or copy"
    SUMMARY_PRINTED = "summary_printed", "opened the summary to print it"
    TASK_MADE = "task_made", "made a task"
    TASK_CHANGED = "task_changed", "ended a task, or opened it again"
    APPOINTMENT_MADE = "appointment_made", "made an appointment"
    APPOINTMENT_CHANGED = "appointment_changed", "recorded what came of an appointment"
    CASEWORKER_CHANGED = "caseworker_changed", "changed the caseworker"
    COVER_CHANGED = "cover_changed", "changed who covers for whom"
    AUDIT_VIEWED = "audit_viewed", "looked at who has looked"
    REGISTER_CHANGED = "register_changed", "changed the register"
    THRESHOLD_CHANGED = "threshold_changed", "worked on a change of a threshold"
    TOLD_CHANGED = "told_changed", "changed who is told of a delay"
    MEMBER_CHANGED = "member_changed", "changed who is a member"
    TRAINING_CHANGED = "training_changed", "changed what First Responders must be trained in"
    EFFORT_LOGGED = "effort_logged", "logged time or expenses"
    EFFORT_WITHDRAWN = "effort_withdrawn", "took back time or expenses that were logged"
    RATE_CHANGED = "rate_changed", "changed what an hour costs"
    CALENDAR_CHANGED = "calendar_changed", "changed the calendar"
    OFFICE_CLOSED = "office_closed", "changed the days on which the office is closed"
    CAPACITY_SAID = "capacity_said", "said how much room the organisation has"
    DELAYS_SWEPT = "delays_swept", "re-assessed what was due"
    PAGE_REFUSED = "page_refused", "was refused a page"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation=actor.organisation_id)

    def of_referral(self, referral: int) -> Self:
        return self.filter(referral=referral)

    def around_referral(self, referral: int, *, reference: str) -> Self:
        """What was done and seen of it, and who asked for its pages in vain."""
        return self.filter(Q(referral=referral) | Q(subject=reference, refused=True))


class AuditEntry(models.Model):
    """Something that was done or seen: ids and names of fields, never a name or a text.

    Appended by `audit.log.record` and changed by nobody. A trigger gives each entry its number
    in the chain of its organisation, and a hash over itself and the entry before. It holds plain
    ids and no foreign keys: an entry outlives what it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation = models.BigIntegerField()  # whose chain; 0 is the product's own
    number = models.BigIntegerField()
    at = models.DateTimeField()
    user = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40, choices=Action.choices)
    refused = models.BooleanField(default=False)
    referral = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80, blank=True)  # a kind and an id: "delay 12"
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.CharField(max_length=40, blank=True)  # a code
    previous = models.BinaryField()
    hash = models.BinaryField()

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="a_chain_has_one_entry_of_a_number"
            )
        ]
        indexes = [
            models.Index(
                fields=["referral", "at"],
                condition=Q(referral__isnull=False),
                name="who_has_looked",
            ),
            models.Index(
                fields=["subject"],
                condition=Q(refused=True),
                name="who_asked_in_vain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}/{self.number} {self.action}"


class AuditChain(models.Model):
    """The head of a chain: only the trigger writes it, and locks it."""

    organisation = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.organisation}/{self.number}"
