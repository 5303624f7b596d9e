from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

PATH_LENGTH = 300  # characters


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """Somebody who may sign in; without a password they set one by "Forgotten password"."""
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. What they may do is a matter of their memberships, not of this row."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=100, help_text="How colleagues see this person")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    signed_out_at = models.DateTimeField(null=True)  # every sign-in from before then has ended

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(  # with `unique`: one account for an address however it is typed
                condition=models.Q(email=Lower("email")), name="email_address_is_in_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody typed into a form and could not send. Sealed; theirs alone; for a day.

    `left` in a hurry, by "Leave this site": then it is offered, and not shown unasked.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=PATH_LENGTH)  # that the form is sent to, without its query
    words = models.BinaryField()
    master = models.CharField(max_length=40)  # the name of the key that opens the next one
    wrapped = models.BinaryField()
    left = models.BooleanField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_draft_of_a_form")]

    def __str__(self) -> str:
        return str(self.pk)


class DemonstrationSecret(models.Model):
    """That a secret was used by a demonstration, which shows it to everybody: its fingerprint."""

    fingerprint = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.fingerprint
