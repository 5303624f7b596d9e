"""Invite a colleague, accept an invitation, change a role."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.forms import EMAIL_ADDRESS, WHAT_WILL_DO
from accounts.models import User
from nrm_tracker.ui.forms import GovukForm, RadioField
from organisations.domains import NotAnAddress, address
from organisations.roles import Role

LONGEST = 100


class InviteForm(GovukForm):
    submit_label = "Send the invitation"

    name = forms.CharField(
        label="Their name",
        help_text="As colleagues will see it.",
        max_length=LONGEST,
        error_messages={"required": "Enter their name"},
    )
    email = forms.EmailField(
        label="Their e-mail address at work",
        error_messages={"required": "Enter their e-mail address", "invalid": EMAIL_ADDRESS},
    )
    role = RadioField(label="Role", choices=[], error_messages={"required": "Choose a role"})

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in roles
        ]

    def clean_email(self) -> str:
        try:
            return address(self.cleaned_data["email"])
        except NotAnAddress as wrong:
            raise ValidationError(EMAIL_ADDRESS) from wrong


class AcceptForm(GovukForm):
    """For somebody who has no password here yet. `user` is them, not saved."""

    submit_label = "Accept and go on"

    name = forms.CharField(
        label="Your name",
        help_text="As colleagues will see it.",
        max_length=LONGEST,
        error_messages={"required": "Enter your name"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label="Choose a password",
        help_text=WHAT_WILL_DO,
        strip=False,
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="The password again",
        strip=False,
        error_messages={"required": "Enter the password a second time"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, again = cleaned.get("password1"), cleaned.get("password2")
        if first and again and first != again:
            self.add_error("password2", "Enter the same password twice")
        elif first:
            try:
                validate_password(first, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as refused:
                self.add_error("password1", refused)
        return cleaned


class RoleForm(GovukForm):
    submit_label = "Change the role"

    role = RadioField(label="Role", choices=[], error_messages={"required": "Choose a role"})

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in roles
        ]
