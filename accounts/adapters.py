"""Where the sign-in library asks for our decisions."""

import time
from typing import Any

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from qrcode.image.svg import SvgPathImage

from accounts.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Check your email address and password, and enter both again",
        "enter_current_password": "Enter your present password",
        "incorrect_password": "Enter your present password",
        "too_many_login_attempts": "Wait an hour before you try again, or ask a manager",
        "rate_limited": "Wait a few minutes before you try again",
    }

    def is_open_for_signup(self, *_: Any) -> bool:
        return False

    def is_reauthentication_required(self, **_: Any) -> bool:
        """Not before there is a second factor, nor for what was typed a moment ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        latest = max((record["at"] for record in records), default=0)
        recent = time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT
        return bool(is_mfa_enabled(request.user)) and not recent


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Enter the code that your app shows now. Each code works once",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        return qr_code(url)


def qr_code(text: str) -> str:
    """An `<svg>` element to stand in the page itself: the content policy allows no data: image."""
    image = qrcode.make(text, image_factory=SvgPathImage, border=4, box_size=8)
    return str(image.to_string(encoding="unicode"))
