from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models import MemberChange, Membership, Organisation, Training
from referrals.models.delay import DelayFlag, Told
from referrals.models.escalation import Escalation
from referrals.models.hand_over import HandOver
from referrals.models.referral import Referral
from referrals.models.restriction import Restriction
from referrals.models.threshold_draft import ThresholdDraft


def about_one_thing() -> Q:
    """Exactly one of them is named."""
    things = ("referral", "draft", "training", "hand_over", "change")
    alone = (Q(**{f"{each}__isnull": each != named for each in things}) for named in things)
    return reduce(or_, alone)


def or_an_unseen_hand_over() -> Q:
    """With its referral, where whoever is told sees neither: it is restricted to others."""
    others = {f"{each}__isnull": True for each in ("draft", "training", "change", "flag")}
    return Q(referral__isnull=False, hand_over__isnull=False, **others)


class OutboxMessage(models.Model):
    """Word to be passed on, written in the transaction of what it is about: a flag; without one,
    a restricted referral that was opened in an emergency. With an escalation: that nobody answers.
    With a draft and no referral: that a change of a threshold is to take effect; with a training:
    that it ends soon, or has ended; with a hand-over: that nobody has answered it in time; with a
    change: that who acts for the organisation has changed.

    `key` is stable, so a message exists once: one for a referral, family of rules and London
    day; one for each critical flag; one for each emergency; one for each announcement, hand-over
    or change. `told` says how loudly.
    """

    key = models.CharField(max_length=120, unique=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    flag = models.ForeignKey(DelayFlag, on_delete=models.CASCADE, null=True, related_name="+")
    draft = models.ForeignKey(ThresholdDraft, on_delete=models.CASCADE, null=True, related_name="+")
    training = models.ForeignKey(Training, on_delete=models.CASCADE, null=True, related_name="+")
    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, null=True, related_name="+")
    change = models.ForeignKey(MemberChange, on_delete=models.CASCADE, null=True, related_name="+")
    escalation = models.ForeignKey(
        Escalation, on_delete=models.CASCADE, null=True, related_name="+"
    )
    told = models.CharField(max_length=10, choices=Told.choices, default=Told.AT_ONCE)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=about_one_thing(),
                name="a_message_is_about_one_thing",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(delivered_at__isnull=True), name="messages_to_deliver"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def about(self) -> Referral:
        """The referral, of a message that is about one."""
        if self.referral is None:
            raise TypeError(f"{self.key} is about no referral")
        return self.referral


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, membership: Membership) -> Self:
        """One's own, but none of a referral that was restricted to others since. What was told of
        one that was restricted already was told to whoever had to know."""
        seen = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        known = Restriction.objects.visible_to(membership).filter(
            referral=OuterRef("referral_id"), since__lt=OuterRef("created_at")
        )
        asked = HandOver.objects.visible_to(membership).filter(pk=OuterRef("hand_over_id"))
        return self.filter(
            Q(Exists(seen))
            | Q(Exists(known))
            | Q(Exists(asked))
            | Q(referral__isnull=True, hand_over__isnull=True),
            user=membership.user_id,
            organisation=membership.organisation_id,
        )

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A line in one person's inbox. It says reference and rule; never a name or a story.

    Without a flag it says that a restricted referral, which they cannot see, was opened. With a
    step, that nobody answers for the delay. With a draft and no referral, that a threshold is to
    change; with a training, that it ends soon, or has ended: a colleague's, where one is a manager;
    with a hand-over, which whoever was asked sees without its referral, that it has no answer, and
    with both, that nobody who is named on the referral is left to be told of that; with a change,
    that who acts for the organisation has changed.
    """

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    flag = models.ForeignKey(DelayFlag, on_delete=models.CASCADE, null=True, related_name="+")
    draft = models.ForeignKey(ThresholdDraft, on_delete=models.CASCADE, null=True, related_name="+")
    training = models.ForeignKey(Training, on_delete=models.CASCADE, null=True, related_name="+")
    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, null=True, related_name="+")
    change = models.ForeignKey(MemberChange, on_delete=models.CASCADE, null=True, related_name="+")
    told = models.CharField(max_length=10, choices=Told.choices, default=Told.AT_ONCE)
    step = models.PositiveSmallIntegerField(choices=Escalation.Step.choices, null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "user", "organisation"],
                name="a_person_is_told_once_of_a_message",
            ),
            models.CheckConstraint(
                condition=about_one_thing() | or_an_unseen_hand_over(),
                name="a_notice_is_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "organisation"],
                condition=Q(read_at__isnull=True),
                name="unread_notices",
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.user_id}"
