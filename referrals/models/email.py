from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Invitation, Membership, Organisation
from organisations.roles import Permission


class NoticeChoiceQuerySet(models.QuerySet["NoticeChoice"]):
    def visible_to(self, membership: Membership) -> Self:
        return self.filter(user=membership.user_id)


class NoticeChoice(models.Model):
    """What somebody wants by e-mail. Who has said nothing gets the defaults. In-app, always all."""

    class AtOnce(models.TextChoices):
        AT_ONCE = "at_once", "An e-mail at once, day and night"
        DIGEST = "digest", "In the e-mail of the next morning"
        NONE = "none", "No e-mail"

    class Today(models.TextChoices):
        DIGEST = "digest", "In the e-mail of the next morning"
        NONE = "none", "No e-mail"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    at_once = models.CharField(max_length=10, choices=AtOnce.choices, default=AtOnce.AT_ONCE)
    today = models.CharField(max_length=10, choices=Today.choices, default=Today.DIGEST)
    changed_at = models.DateTimeField()

    objects = NoticeChoiceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.at_once}, {self.today}"


class Digest(models.Model):
    """That the e-mails of an organisation's morning were written: once a London day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "day"], name="a_morning_has_its_emails_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.day}"


class EmailQuerySet(models.QuerySet["Email"]):
    def visible_to(self, membership: Membership) -> Self:
        """One's own; of invitations, those that the organisation sent, for who manages members."""
        mine = Q(user=membership.user_id)
        if membership.can(Permission.MANAGE_MEMBERS):
            mine |= Q(invitation__isnull=False)
        return self.filter(mine, organisation=membership.organisation_id)

    def waiting(self) -> Self:
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)


class Email(models.Model):
    """A mail to send, written in the transaction of what it tells. It says reference and rule. Of
    an invitation it has no reader here yet, and no text: that holds the link, and is made as it is
    sent.

    `key` is stable: it is the Message-ID of each attempt, so that one which arrives twice can be
    told apart. `trouble` says why the last attempt came to nothing.
    """

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DIGEST = "digest", "In the morning"

    class Trouble(models.TextChoices):
        NO_ANSWER = "no_answer", "The mail server does not answer"
        LATER = "later", "The mail server asks us to try again later"
        REFUSED = "refused", "The mail server refuses the address"
        LEFT = "left", "The person does not act for the organisation any more"
        VOID = "void", "The invitation was answered, revoked or sent again meanwhile"

    key = models.CharField(max_length=80, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=100)
    text = models.TextField()
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=10, choices=Trouble.choices, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="a_mail_that_was_sent_is_not_given_up",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, invitation__isnull=True)
                | Q(user__isnull=True, invitation__isnull=False),
                name="a_mail_is_for_a_member_or_who_is_invited",
            ),
        ]
        indexes = [
            models.Index(  # what is told at once goes first
                fields=["kind", "next_try_at", "id"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="mails_to_send",
            )
        ]

    def __str__(self) -> str:
        return self.key
