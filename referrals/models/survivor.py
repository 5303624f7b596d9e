from typing import ClassVar, Self, TypeVar
from uuid import uuid4

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from organisations.models import Membership, Organisation
from referrals.models.referral import Referral

Row = TypeVar("Row", bound=models.Model)


class WithItsReferral(models.QuerySet[Row]):
    def visible_to(self, membership: Membership) -> Self:
        held = Referral.objects.visible_to(membership).filter(pk=OuterRef("referral_id"))
        return self.filter(Exists(held))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    context_field=None,
    model_name="SurvivorHistory",
)
class Survivor(models.Model):
    """Who the person behind a referral is. All that says so is sealed, in the history too.

    Read through `referrals.identity`, shown through `actions.show_identity` only.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="survivor")
    given_names = models.BinaryField(null=True)
    family_name = models.BinaryField(null=True)
    aliases = models.BinaryField(null=True)
    born_on = models.BinaryField(null=True)
    nationality = models.BinaryField(null=True)
    languages = models.BinaryField(null=True)
    telephone = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    birth_is_estimated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    objects: ClassVar[WithItsReferral["Survivor"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.pk)


class SurvivorKey(models.Model):
    """The key that opens one survivor, wrapped by a master key. Without it nothing does."""

    survivor = models.OneToOneField(Survivor, on_delete=models.PROTECT, primary_key=True)
    master = models.CharField(max_length=40)  # the name of the master key
    wrapped = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped__isnull=True, erased_at__isnull=False)
                | Q(wrapped__isnull=False, erased_at__isnull=True),
                name="an_erased_key_is_gone",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SafeContact(models.Model):
    """What was agreed about reaching the person. Appended: the latest one stands.

    A method that is neither in `safe` nor in `unsafe` was not asked about, which means: do not.
    """

    class Method(models.TextChoices):
        TELEPHONE = "telephone", "Telephone"
        VOICEMAIL = "voicemail", "Voicemail"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        POST = "post", "Post"
        IN_PERSON = "in_person", "A visit"

    class Gender(models.TextChoices):
        FEMALE = "female", "A woman"
        MALE = "male", "A man"

    id = models.UUIDField(primary_key=True, default=uuid4)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="safe_contacts")
    agreed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    safe = ArrayField(models.CharField(max_length=20, choices=Method.choices), default=list)
    unsafe = ArrayField(models.CharField(max_length=20, choices=Method.choices), default=list)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 1 is Monday; none: any
    since = models.TimeField(null=True)  # of the day, Europe/London
    until = models.TimeField(null=True)
    in_words = models.CharField(max_length=200, blank=True)  # what else was said of days and hours
    interpreter = models.CharField(max_length=60, blank=True)  # the language
    interpreter_gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    worker_gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    who_answers = models.BinaryField(null=True)  # sealed, as are the next two
    code_word = models.BinaryField(null=True)
    never = models.BinaryField(null=True)  # people and addresses never to contact
    version = models.PositiveIntegerField()  # of the referral, after this was recorded

    objects: ClassVar[WithItsReferral["SafeContact"]] = WithItsReferral.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(safe__overlap=F("unsafe")), name="a_method_is_safe_or_it_is_not"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True, until__isnull=True) | Q(until__gt=F("since")),
                name="safe_hours_end_after_they_begin",
            ),
        ]
        indexes = [models.Index(fields=["referral", "version"], name="agreed_last")]

    def __str__(self) -> str:
        return str(self.pk)
