"""What was asked and prepared at the large organisation: one intake begun, one form half ready, two
whose names are recorded, and a saved view."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from nrm_tracker.database import context
from organisations.models import Membership
from referrals.actions import record_identity, save_view, write_page
from referrals.home_office import Whom, needed
from referrals.identity import Identity
from referrals.models import Referral, WrittenPage

Page, State = WrittenPage.Page, WrittenPage.State
ADULT = Whom(child=False, supported=False)
INTAKE: Mapping[str, tuple[str, dict[str, str]]] = {  # of Heron
    Page.STAYING: (
        State.NOTHING_MORE,
        {
            "sleeping": "friends",
            "sleeping_words": "Until the end of the month; the room is needed then.",
            "town": "said",
            "town_words": "Millbrook (invented)",
        },
    ),
    Page.LEGAL: (
        State.IN_PROGRESS,
        {"adviser": "yes", "adviser_words": "Alder Law (fictitious)", "legal_dates": "not_asked"},
    ),
    Page.CHILDREN: (State.NOTHING_MORE, {"children": "declined", "care": "no"}),
}
READY: Mapping[str, str] = {  # of Lapwing: sections and their notes
    Page.FIRST_RESPONDER: "",
    Page.AGE: "Says 34. No papers were seen.",
    Page.BACKGROUND: "Told to Ash in the first two meetings. Education is not known.",
    Page.EVIDENCE: "A letter from the GP, dated the week before.",
}
BEGUN: Mapping[str, tuple[int, str]] = {
    Page.EXPLOITATION: (6, "From the account taken in two meetings. What is missing: how it ended.")
}  # how many of its answers are at hand

WHO: Mapping[str, Identity] = {
    "Heron": Identity(given_names="Invented María", family_name="Quillfeather"),
    "Lapwing": Identity(given_names="Invented José", family_name="Quillfeather"),
}


def prepare(caseworker: Membership, *, now: datetime) -> None:
    rows = Referral.objects.visible_to(caseworker).filter(pseudonym__in=("Heron", "Lapwing"))
    people, at = {row.pseudonym: row for row in rows}, now - timedelta(days=2)
    with context(user=caseworker.user_id, organisation=caseworker.organisation_id):
        for page, (state, answers) in INTAKE.items():
            _write(people["Heron"], page, answers, state, by=caseworker, now=at)
        for page, notes in READY.items():
            _section(people["Lapwing"], page, notes, State.READY, by=caseworker, now=at)
        for page, (number, notes) in BEGUN.items():
            _section(people["Lapwing"], page, notes, State.NOT_YET, number, by=caseworker, now=at)
        for word, identity in WHO.items():
            record_identity(
                referral=people[word],
                identity=identity,
                birth_is_estimated=False,
                by=caseworker,
                now=at,
            )
        save_view(
            name="At risk and delayed",
            filters="attention=needed&risk=1",
            shared=True,
            by=caseworker,
            now=at,
        )


def _section(
    referral: Referral,
    page: str,
    notes: str,
    state: str,
    number: int | None = None,
    *,
    by: Membership,
    now: datetime,
) -> None:
    have = [each.code for each in needed(page, ADULT)[:number]]
    _write(referral, page, {"notes": notes}, state, have, by=by, now=now)


def _write(
    referral: Referral,
    page: str,
    answers: Mapping[str, str],
    state: str,
    have: list[str] | None = None,
    *,
    by: Membership,
    now: datetime,
) -> None:
    write_page(
        referral=referral, page=page, answers=answers, state=state, have=have or [], by=by, now=now
    )
