"""At the large organisation: who Heron is, a proof of wait for Heron, and harm that came to Dunlin.

A word says that each of them is invented, since these are the pages that look most real.
"""

from datetime import datetime, time, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.models import Membership
from referrals.actions import HarmSaid, agree_contact, issue_proof, record_harm, record_identity
from referrals.contact import Method, Terms
from referrals.identity import Identity
from referrals.models import Harm, Proof, Referral, SafeContact

AGO = timedelta(days=8)
WHO = Identity(
    given_names="Selam",
    family_name="Example (invented)",
    nationality="Eritrean",
    languages="Tigrinya, some English",
    telephone="07700 900461",
)
WEEKDAYS = (1, 2, 3, 4, 5)


def put_on_paper(caseworker: Membership, *, now: datetime) -> None:
    rows = Referral.objects.visible_to(caseworker).filter(pseudonym__in=("Heron", "Dunlin"))
    people = {row.pseudonym: row for row in rows}
    with context(user=caseworker.user_id, organisation=caseworker.organisation_id):
        _say_who(people["Heron"], by=caseworker, now=now)
        issue_proof(
            referral=people["Heron"],
            addressed_to=Proof.For.REPRESENTATIVE,
            safe_to_keep=True,
            by=caseworker,
            now=now - AGO,
        )
        _harm(people["Dunlin"], by=caseworker, now=now)


def _say_who(referral: Referral, *, by: Membership, now: datetime) -> None:
    record_identity(referral=referral, identity=WHO, birth_is_estimated=False, by=by, now=now)
    terms = Terms(
        agreed_at=now,
        safe=(Method.TELEPHONE,),
        unsafe=(Method.VOICEMAIL, Method.POST),
        days=WEEKDAYS,
        since=time(10),
        until=time(15),
        in_words="",
        code_word="Lavender (invented)",
        interpreter="Tigrinya",
        interpreter_gender=SafeContact.Gender.FEMALE,
    )
    agree_contact(referral=referral, terms=terms, by=by, now=now)


def _harm(referral: Referral, *, by: Membership, now: datetime) -> None:
    """Of five days ago, and the safeguarding lead has decided nothing yet."""
    known = now - timedelta(days=4)
    said = HarmSaid(
        kind=Harm.Kind.HOMELESS,
        happened_on=london_date(now) - timedelta(days=5),
        known_on=london_date(known),
        what="Invented: had to leave the sofa they slept on, and spent a night at a bus station.",
        done="A night shelter was found the next day. Asked again for emergency support.",
        told=(Harm.Told.COUNCIL, Harm.Told.MANAGER),
    )
    record_harm(referral=referral, said=said, by=by, now=known)
