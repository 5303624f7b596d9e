"""Which passwords are refused beyond short and common ones. No rules of composition."""

import re
from typing import Any

from django.core.exceptions import ValidationError

# What somebody who guesses would try first at this service.
OUR_WORDS = (
    *("homeoffice", "modernslavery", "nrmtracker", "nrm", "referral", "survivor", "trafficking"),
    *("safeguarding", "slavery", "support", "tracker", "delays", "wait", "first", "responder"),
    *("caseworker", "manager", "organisation", "organization", "charity", "office", "house"),
    *("password", "passphrase", "welcome", "letmein", "admin", "login", "change", "secret"),
    *("home", "new", "my"),
)
ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
LEAST = 8  # characters that must remain when everything easily guessed is taken away


class GuessablePasswordValidator:
    """Refuses a password that is words of our work, the person's own name, rows or repetition."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(remainder(password, own_words(user))) < LEAST:
            raise ValidationError(
                "Choose a password with more in it than names, words of this work, years and "
                "repetition. Four words that have nothing to do with each other are good",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return "Not built from your name or words of this work."


def own_words(user: Any) -> list[str]:
    text = f"{getattr(user, 'email', '')} {getattr(user, 'name', '')}".lower()
    return [word for word in re.split(r"[^a-z]+", text) if len(word) > 2]


def remainder(password: str, own: list[str]) -> str:
    """What is left of a password without known words, years, rows, repetition and marks."""
    left = re.sub(r"[\W_]+", "", password.lower())
    for word in sorted({*OUR_WORDS, *own}, key=len, reverse=True):
        left = left.replace(word, "")
    left = re.sub(r"(?:19|20)\d\d", "", left)
    left = re.sub(r"(.+?)\1+", r"\1", left)
    return _without_rows(left)


def _without_rows(text: str) -> str:
    """`text` without runs of four or more along a keyboard's row, forwards or backwards."""
    lines = [*ROWS, *(row[::-1] for row in ROWS)]
    kept, at = "", 0
    while at < len(text):
        run = max(
            (n for n in range(len(text) - at, 3, -1) if _along(lines, text, at, n)), default=0
        )
        kept += "" if run else text[at]
        at += run or 1
    return kept


def _along(lines: list[str], text: str, at: int, length: int) -> bool:
    return any(text[at : at + length] in line for line in lines)
