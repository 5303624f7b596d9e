"""What an operator sees to before a real person is entered, as far as the product can tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.real_use import hindrances
from nrm_tracker.health import faults


class State(StrEnum):
    DONE = "done"
    TO_DO = "to do"
    UNKNOWN = "the product cannot tell"


@dataclass(frozen=True, slots=True)
class Item:
    what: str
    state: State
    to_do: str = ""


OUTSIDE = (
    ("A data protection impact assessment is made and signed", "Nobody else can make it for you."),
    (
        "The controller is named, and whoever hosts this has a contract",
        "One for each organisation.",
    ),
    ("How long records are kept is decided", "See “Retention” in docs/before-real-use.md."),
    ("A backup was restored, as a drill", "Restore it elsewhere and run audit_verify there."),
    ("A copy of the master keys lies away from the backups", "Without it no identity opens again."),
)


def items(*, now: datetime) -> list[Item]:
    return [*_of_the_product(now=now), *(Item(w, State.UNKNOWN, to_do) for w, to_do in OUTSIDE)]


def _of_the_product(*, now: datetime) -> list[Item]:
    found, broken = hindrances(), faults(now)
    refused = import_string(settings.UNDELIVERED)(now)
    return [
        _item("It is no demonstration", [] if not settings.NRM_DEMONSTRATION else [DEMONSTRATION]),
        _item("No secret and no account of a demonstration is left", found),
        _item("It is reached by HTTPS", [] if settings.HTTPS else [SPEAK_HTTPS]),
        _item("Mail is sent", [] if settings.EMAIL_IS_SENT else [SET_MAIL]),
        _item("Every address takes our mail", [f"{CHECK_ADDRESSES} {refused}."] if refused else []),
        _item("Database, broker and sweep answer", [f"{n}: {f}" for n, f in broken.items() if f]),
    ]


DEMONSTRATION = "Start with NRM_DEMONSTRATION=0, on an empty database."
SPEAK_HTTPS = "Set NRM_BASE_URL to https://..., behind a proxy that speaks it."
SET_MAIL = (
    "Set EMAIL_URL: without it nobody is told of a delay who does not sign in, and forgotten "
    "passwords cannot be set anew."
)
CHECK_ADDRESSES = "Ask these organisations to check the e-mail addresses of their members:"


def _item(what: str, to_do: list[str]) -> Item:
    return Item(what, State.TO_DO if to_do else State.DONE, " ".join(to_do))
