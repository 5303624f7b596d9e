"""What a few referrals of the large organisation took, and what an hour costs it: invented."""

from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.models import Membership
from referrals.actions import Spent, log_effort, set_rate
from referrals.models import EffortKind, Referral

Kind = EffortKind
A_YEAR = timedelta(days=365)
PENCE_AN_HOUR = 2150
SPENT = (  # on whom, how many days ago, of which kind, minutes, pence
    ("Heron", 61, Kind.INTERVIEW, 90, 0),
    ("Heron", 61, Kind.INTERPRETER, 0, 7800),
    ("Heron", 33, Kind.DRAFTING, 60, 0),
    ("Heron", 2, Kind.OTHER, 15, 0),
    ("Kestrel", 12, Kind.INTERVIEW, 60, 0),
    ("Kestrel", 12, Kind.TRAVEL, 45, 1240),
    ("Fieldfare", 5, Kind.DRAFTING, 90, 0),
    ("Swallow", 8, Kind.OTHER, 30, 0),
)


def log_what_it_took(caseworker: Membership, manager: Membership, *, now: datetime) -> None:
    today = london_date(now)
    set_rate(kind="", pence_an_hour=PENCE_AN_HOUR, valid_from=today - A_YEAR, by=manager, now=now)
    with context(user=caseworker.user_id, organisation=caseworker.organisation_id):
        words = {word for word, *_ in SPENT}
        rows = Referral.objects.visible_to(caseworker).filter(pseudonym__in=words)
        people = {row.pseudonym: row for row in rows}
        for word, days, kind, minutes, pence in SPENT:
            spent = Spent(kind=kind, day=today - timedelta(days=days), minutes=minutes, pence=pence)
            log_effort(referral=people[word], spent=spent, by=caseworker, now=now)
