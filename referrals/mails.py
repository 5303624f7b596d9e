"""The words of e-mails: a reference, the title of a rule, since when, and where to sign in.

Nothing else about a person: no name, no word that stands for them, no text that anybody wrote
about them, no reference of the organisation's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from nrm_tracker.calendars import LONDON
from nrm_tracker.ui.words import exact
from organisations.hours import is_open
from organisations.models import Organisation
from referrals.models import Escalation

NOBODY = "Nobody is on call out of hours, as far as is recorded."
UNSEEN = "A restricted referral passed a limit, and nobody who is named is here"
OPENED = "A restricted referral was opened in an emergency"
PASSED_ON = "Nobody has taken it up, so it is passed on to you."
STEP_WORDS = {
    Escalation.Step.REVIEW: "to be looked at again today",
    Escalation.Step.MANAGER: "passed on to you: nobody has taken it up",
    Escalation.Step.LEAD: "passed on to you: nobody has taken it up",
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the e-mail of a morning."""

    reference: str
    title: str
    since: datetime
    step: int | None = None
    more: int = 0  # further delays of theirs
    caution: str = ""
    seen: bool = True  # else it is restricted, and not to whoever reads this


def about_a_delay(
    reference: str,
    title: str,
    *,
    caution: str,
    passed_at: datetime,
    organisation: Organisation,
    passed_on: bool,
    now: datetime,
) -> Letter:
    return _at_once(
        f"{reference}: {title}. The limit was passed on {exact(passed_at)}.",
        [part for part in (caution, PASSED_ON if passed_on else "") if part],
        reverse("referral", args=[reference]),
        organisation,
        now=now,
    )


def about_a_restricted_one(
    reference: str, *, words: str, organisation: Organisation, now: datetime
) -> Letter:
    """For who may not see it: the list of those that are restricted says what to do."""
    return _at_once(f"{reference}: {words}.", [], reverse("restricted"), organisation, now=now)


def _at_once(
    first: str, more: Sequence[str], path: str, organisation: Organisation, *, now: datetime
) -> Letter:
    parts = [
        first,
        *more,
        _who_is_there(organisation, now=now),
        f"Sign in to see it and to say what is being done: {settings.NRM_BASE_URL}{path}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: a delay needs somebody now", _joined(parts))


def morning(lines: Sequence[Line], *, older: int, organisation: Organisation) -> Letter:
    people = "1 person needs" if len(lines) == 1 else f"{len(lines)} people need"
    others = f"{older} more that you were told of before still {'need' if older > 1 else 'needs'}"
    parts = [
        f"{people} somebody to look at a delay.",
        "\n".join(map(_line, lines)),
        *([f"{others} somebody: {settings.NRM_BASE_URL}{reverse('today')}"] if older else []),
        _why_you(organisation),
    ]
    return Letter(f"NRM Tracker: {people} you today", _joined(parts))


def about_a_threshold(code: str, title: str, *, at: datetime, organisation: Organisation) -> Letter:
    """A change that takes effect without a second person, unless somebody stops it by then."""
    address = f"{settings.NRM_BASE_URL}{reverse('threshold', args=[code])}"
    parts = [
        f"The threshold “{title}” is to change on {exact(at)}, unless it is stopped before.",
        f"What changes, and why: {address}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: a threshold is to change", _joined(parts))


def about_an_answer_awaited(reference: str, *, organisation: Organisation) -> Letter:
    """For who asked another organisation to take somebody."""
    address = f"{settings.NRM_BASE_URL}{reverse('hand_over', args=[reference])}"
    parts = [
        f"{reference}: another organisation was asked to take the referral, and has not answered.",
        f"Ring them, wait on, or take it back and ask somebody else: {address}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: a hand-over has no answer", _joined(parts))


def about_an_unseen_answer(reference: str, *, organisation: Organisation) -> Letter:
    """The same for who may not see it: not what it is about."""
    parts = [
        f"{reference}: {UNSEEN}.",
        f"Sign in to see what to do: {settings.NRM_BASE_URL}{reverse('restricted')}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: a restricted referral passed a limit", _joined(parts))


def about_an_answer_owed(*, organisation: Organisation) -> Letter:
    """For who was asked: nothing of whom."""
    parts = [
        "Another organisation asks whether you take somebody, and waits for your answer.",
        f"Accept or decline: {settings.NRM_BASE_URL}{reverse('asked_of_us')}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: another organisation waits for your answer", _joined(parts))


def about_members(organisation: Organisation) -> Letter:
    """Without who: that stands behind the sign-in."""
    parts = [
        f"A change of members was made at {organisation}.",
        f"Sign in to see it: {settings.NRM_BASE_URL}{reverse('our_members')}",
        _why_you(organisation),
    ]
    return Letter("NRM Tracker: a change of members was made", _joined(parts))


def invitation(token: str, *, until: datetime, organisation: Organisation) -> Letter:
    """For somebody who has no account here yet, or has one: it says the same."""
    link = f"{settings.NRM_BASE_URL}{reverse('invitation_link', args=[token])}"
    parts = [
        f"You are invited to act for {organisation} in NRM Tracker, where waits to enter the "
        "National Referral Mechanism are recorded.",
        f"Open this link to accept: {link}",
        f"It works once, until {exact(until)}. You choose a password and set up an authenticator "
        "app; if you use NRM Tracker already, you sign in.",
        "The link is for you alone: do not pass it on. If you did not expect this, do nothing, and "
        f"tell {organisation}.",
    ]
    return Letter("NRM Tracker: you are invited", _joined(parts))


def _line(line: Line) -> str:
    if not line.seen:
        return f"{line.reference}: {UNSEEN}. {settings.NRM_BASE_URL}{reverse('restricted')}"
    local = line.since.astimezone(LONDON)
    step = f" ({STEP_WORDS[Escalation.Step(line.step)]})" if line.step is not None else ""
    more = f", and {line.more} more" if line.more else ""
    address = f"{settings.NRM_BASE_URL}{reverse('referral', args=[line.reference])}"
    day = f"{local.day} {local:%B %Y}"
    said = f" {line.caution}" if line.caution else ""
    return f"{line.reference}: {line.title}, since {day}{more}{step}.{said} {address}"


def _who_is_there(organisation: Organisation, *, now: datetime) -> str:
    on_call = f"On call: {organisation.on_call}." if organisation.on_call else NOBODY
    if is_open(organisation, now):
        return f"The office is open now. Out of hours: {on_call}"
    return f"The office is closed now. {on_call}"


def _why_you(organisation: Organisation) -> str:
    choose = f"{settings.NRM_BASE_URL}{reverse('notice_choice')}"
    return f"You get this because you act for {organisation}. Choose what is sent to you: {choose}"


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"
