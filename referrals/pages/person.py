"""Who somebody is, in lines, once it may be shown; and who has looked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.models import User
from audit.models import Action, AuditEntry
from nrm_tracker.ui.parts import Line
from organisations.models import Membership
from referrals.actions import WhyLook
from referrals.contact import Terms, hours_in_words, interpreter_in_words, reachable_at
from referrals.identity import Identity
from referrals.models import HandOver, Link, Referral, SafeContact

SHOWN = 200
OF_LINKS = (Action.LINK_MADE, Action.LINK_ENDED)  # told to whoever may see both ends
PAGES = {
    "approaches": "record of approaches",
    "basis": "lawful basis",
    "consent": "consent",
    "contact": "how contact is safe",
    "intake": "intake",
    "intake_page": "intake",
    "linked": "linked people",
    "looked": "who has looked",
    "notes": "notes",
    "person": "who this is",
    "readiness": "readiness for the Home Office form",
    "readiness_section": "readiness for the Home Office form",
    "risks": "risks",
    "summary": "summary to print",
}  # by the name of the view; the others are forms, and the page of the referral itself


def who(identity: Identity, *, estimated: bool) -> list[Line]:
    """What says who it is; how to reach them is `reach`."""
    born = date.fromisoformat(identity.born_on) if identity.born_on else None
    said = f"{born.day} {born:%B %Y}{' (an estimate)' if estimated else ''}" if born else ""
    lines = (
        ("Given names", identity.given_names),
        ("Family name", identity.family_name),
        ("Other names", identity.aliases),
        ("Date of birth", said),
        ("Nationality", identity.nationality),
        ("Languages", identity.languages),
    )
    return [Line(key, value or "Not recorded") for key, value in lines]


def reach(identity: Identity, terms: Terms | None, *, danger: bool, now: datetime) -> list[Line]:
    """Numbers and addresses as far as the guard lets them be seen, and what was agreed."""
    lines = [
        Line(what, f"{shown} – {words}" if shown else f"Kept, not shown. {words}")
        for what, shown, words in reachable_at(identity, terms, now=now, danger=danger)
    ]
    return lines + (_agreed(terms) if terms else [])


def _agreed(terms: Terms) -> list[Line]:
    gender = {"": "", **dict(SafeContact.Gender.choices)}
    lines = (
        ("When it is safe", hours_in_words(terms) if terms.safe else ""),
        ("Who else may answer", terms.who_answers),
        ("Code word", terms.code_word),
        ("Never contact", terms.never),
        ("Interpreter", interpreter_in_words(terms)),
        ("Worker", gender[terms.worker_gender]),
    )
    return [Line(key, value) for key, value in lines if value]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody did or saw something."""

    name: str
    did: str
    why: str
    at: datetime


def looks(referral: Referral, *, membership: Membership) -> list[Look]:
    """The latest entries of the audit trail about a referral, the newest first."""
    everything = AuditEntry.objects.visible_to(membership)
    trail = everything.around_referral(referral.pk, reference=referral.reference)
    links = Link.objects.visible_to(membership).of(referral).values_list("pk", flat=True)
    told = Q(subject__in=[f"link {pk}" for pk in links])
    entries = list(trail.filter(~Q(action__in=OF_LINKS) | told).order_by("-number")[:SHOWN])
    names = dict(
        User.objects.filter(pk__in={entry.user for entry in entries}).values_list("pk", "name")
    )
    reasons, others = dict(WhyLook.choices), _others(referral, membership=membership)
    return [
        Look(
            name=names.get(entry.user or 0) or others.get(entry.subject, "A command at the shell"),
            did=_did(entry),
            why=str(reasons.get(entry.reason, "")),
            at=entry.at,
        )
        for entry in entries
    ]


def _others(referral: Referral, *, membership: Membership) -> dict[str, str]:
    """Which organisation is on the other side of a hand-over, by what an entry says it is about:
    what it did has no name of a person."""
    rows = HandOver.objects.visible_to(membership).filter(referral=referral)
    return {
        f"hand-over {row.pk}": str(
            row.sender if row.receiver_id == membership.organisation_id else row.receiver
        )
        for row in rows.select_related("sender", "receiver")
    }


def _did(entry: AuditEntry) -> str:
    said = Action(entry.action).label
    page = "".join(entry.fields) if entry.refused else entry.subject
    about = PAGES.get(page) if entry.action in {Action.REFERRAL_VIEWED, Action.PAGE_REFUSED} else ""
    return f"{said}: {about}" if about else said
