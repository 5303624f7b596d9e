"""The sign-in library's forms in our words: labels, hints and errors that say what to do."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from django import forms

EMAIL_ADDRESS = "Enter an email address in the form name@example.org"
WHAT_WILL_DO = (
    "14 characters or more. Any characters will do: four words that have nothing to do with each "
    "other are good. A common password, your name or words of this work are refused."
)


def ask(form: forms.Form, name: str, label: str, *, hint: str = "", error: str) -> None:
    """Dress one question; placeholders go, since they vanish when somebody types."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = error
    field.widget.attrs.pop("placeholder", None)
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = EMAIL_ADDRESS


def ask_for_code(form: forms.Form, *, hint: str) -> None:
    ask(form, "code", "Code", hint=hint, error="Enter the code that your app shows")
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "login", "Email address", error="Enter your email address")
        ask(self, "password", "Password", error="Enter your password")


class PasswordAgainForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "password", "Password", error="Enter your present password")


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "email", "Email address", error="Enter your email address")


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_new_password(self)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "oldpassword", "Present password", error="Enter your present password")
        ask_for_new_password(self)


def ask_for_new_password(form: forms.Form) -> None:
    ask(form, "password1", "New password", hint=WHAT_WILL_DO, error="Enter a new password")
    ask(form, "password2", "New password again", error="Enter the new password a second time")


class CodeForm(second_factor.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self, hint="Six digits from your authenticator app, or a recovery code")


class CodeAgainForm(second_factor.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self, hint="Six digits from your authenticator app, or a recovery code")


class EnrolForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self, hint="Six digits that the app shows for NRM Tracker")

    def clean_code(self) -> str:
        """The first code is used up as well: it must not sign anybody in afterwards."""
        code = str(super().clean_code())
        factor = TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
        if not factor._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def readable_secret(self) -> str:
        """In groups of four, to be typed where no camera is at hand."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))
