"""Those whom a visitor is told about, at the large organisation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date
from organisations.models import Organisation
from referrals.catalogue import ConsentType, EventCode, Outcome, Precision, Risk
from referrals.demonstration.tale import Tale

Code = EventCode
SAME_DAY = 61  # days ago on which both Heron and Wren asked for help
VISIT = timedelta(hours=3, minutes=58)  # a 4-hour screen becomes due two minutes after the start
NAMES = frozenset(
    [
        "Curlew",
        "Dipper",
        "Dunlin",
        "Fieldfare",
        "Greenshank",
        "Heron",
        "Kestrel",
        "Lapwing",
        "Plover",
        "Redshank",
        "Sandpiper",
        "Siskin",
        "Swallow",
        "Turnstone",
        "Wren",
    ]
)
Register = Mapping[str, Organisation]


def heron(now: datetime, register: Register) -> Tale:
    """On a list for 61 days; three organisations had no capacity."""
    tale = _same_need(Tale("Heron", now))
    tale.happened(Code.FRO_WAITLISTED, SAME_DAY - 1, "15:00", organisation=register["riverside"])
    for slug, asked, answered in (
        ("northgate", 47, 46),
        ("harbour", 33, 32),
        ("millbrook", 20, 19),
    ):
        tale.happened(Code.FRO_APPROACHED, asked, organisation=register[slug])
        tale.happened(Code.FRO_DECLINED_CAPACITY, answered, "11:30", organisation=register[slug])
    tale.happened(Code.CONTACT_MADE, 9, "11:00", detail="Still wants to go on; is tired.")
    return tale.happened(Code.CONSENT_RECORDED, 9, "11:10", consent_type=ConsentType.SHARING)


def wren(now: datetime, register: Register) -> Tale:
    """The same day, the same needs; an organisation had room: in the NRM after nine days."""
    tale, northgate = _same_need(Tale("Wren", now)), register["northgate"]
    tale.happened(Code.FRO_APPROACHED, 60, "15:00", organisation=northgate)
    tale.happened(Code.FRO_ACCEPTED, 59, "11:00", organisation=northgate)
    tale.happened(Code.HANDED_OVER, 58, organisation=northgate)
    tale.happened(Code.INTERPRETER_REQUESTED, 58, "11:00", detail="Vietnamese")
    tale.happened(Code.INTERPRETER_BOOKED, 57, "09:00", detail="Vietnamese, for the meeting")
    tale.happened(Code.APPOINTMENT_OFFERED, 57)
    tale.happened(Code.APPOINTMENT_ATTENDED, 55)
    tale.happened(Code.INTERVIEW_STARTED, 55, "10:05")
    tale.happened(Code.INTERVIEW_COMPLETED, 54, "12:30")
    tale.happened(Code.DRAFT_STARTED, 54, "14:00")
    tale.happened(Code.REVIEW_COMPLETED, 53)
    tale.happened(Code.REFERRAL_SUBMITTED, SAME_DAY - 9, "16:00", submitted_by=northgate)
    tale.happened(Code.REFERRAL_ACKNOWLEDGED, 52, "16:20")
    tale.happened(Code.ALLOCATED, 51, outcome=Outcome.SCA)
    return tale.happened(
        Code.RG_DECISION, 41, "15:00", outcome=Outcome.POSITIVE, dated_on=_day(now, 42)
    )


def at_the_door(now: datetime) -> Tale:
    """Still being exploited, and not everything was asked: checked within four hours?"""
    return Tale("Kestrel", now).asked_for_help(
        now - VISIT, Risk.STILL_IN_EXPLOITATION, screened=False
    )


def possible_child(now: datetime) -> Tale:
    """Might be a child, and the local authority has not been told for 30 hours."""
    tale = Tale("Plover", now, age_group="not_sure")
    return tale.asked_for_help(now - timedelta(hours=30))


def destitute_today(now: datetime) -> Tale:
    """Nowhere to sleep, has agreed to support, and it has not been asked for in six hours."""
    tale, contact = Tale("Curlew", now), now - timedelta(hours=6)
    tale.asked_for_help(contact, Risk.DESTITUTE)
    return tale.at(Code.CONSENT_RECORDED, contact, consent_type="support")


def old_draft(now: datetime) -> Tale:
    """The Home Office's form deletes a draft 28 days after it was last saved: day 26."""
    tale = _consenting(Tale("Lapwing", now), 40)
    tale.happened(Code.APPOINTMENT_ATTENDED, 30)
    tale.happened(Code.INTERVIEW_COMPLETED, 30, "12:00")
    tale.happened(Code.DRAFT_STARTED, 29, "15:00")
    return tale.happened(Code.DRAFT_LAST_SAVED, 26, "15:00")


def forgotten_risk(now: datetime) -> Tale:
    """Destitute, and nobody has taken up the wait of 24 days."""
    return _consenting(Tale("Dunlin", now), 24, Risk.DESTITUTE)


def due_for_review(now: datetime) -> Tale:
    """Taken up ten days ago; the review was yesterday."""
    return _consenting(Tale("Siskin", now), 38)


def siblings(now: datetime) -> list[Tale]:
    """Three children of one family: a referral each."""
    names = ("Redshank", "Greenshank", "Sandpiper")
    tales = [Tale(name, now, age_group="child") for name in names]
    for tale in tales:
        tale.asked_for_help(tale.ago(2, "11:00"), Risk.CHILDREN_WITH_THEM).child_told(2)
    tales[0].facts["turns_18_on"] = _day(now, -300)
    return tales


def asked_for_time(now: datetime) -> Tale:
    """A pause of ten days that the person asked for moves the limit by ten days."""
    tale = _consenting(Tale("Fieldfare", now), 21)
    tale.happened(
        Code.PAUSE_STARTED,
        16,
        outcome=Outcome.SURVIVOR_ASKED,
        detail="Wants to see the doctor first.",
    )
    return tale.happened(Code.PAUSE_ENDED, 6)


def came_back(now: datetime) -> Tale:
    tale = _consenting(Tale("Swallow", now), 13)
    tale.happened(Code.CONTACT_LOST, 8, "16:00")
    return tale.happened(Code.CONTACT_REGAINED, 2, "12:15", detail="Had lost the telephone.")


def mistaken(now: datetime) -> Tale:
    """The appointment was recorded on the wrong day, and corrected: both stay to be seen."""
    tale = _consenting(Tale("Dipper", now), 11)
    return tale.happened(Code.APPOINTMENT_OFFERED, 3, "09:30")


def negative_letter(now: datetime, register: Register) -> Tale:
    """A negative decision, dated 22 days ago: 30 days to ask for reconsideration."""
    tale = _consenting(Tale("Turnstone", now), 75)
    tale.happened(Code.REFERRAL_SUBMITTED, 44, "15:00", submitted_by=register["riverside"])
    tale.happened(Code.ALLOCATED, 43, outcome=Outcome.SCA)
    tale.happened(
        Code.RG_DECISION,
        20,
        "09:00",
        outcome=Outcome.NEGATIVE,
        dated_on=_day(now, 22),
        precision=Precision.ABOUT,
    )
    return tale.happened(Code.LEGAL_ADVICE_REQUESTED, 19, "14:00", detail="A law centre")


def _same_need(tale: Tale) -> Tale:
    return _consenting(tale, SAME_DAY)


def _consenting(tale: Tale, days: int, *risks: Risk) -> Tale:
    tale.asked_for_help(tale.ago(days, "09:40"), *risks)
    tale.happened(Code.NRM_EXPLAINED, days - 1, "10:30")
    return tale.happened(Code.CONSENT_RECORDED, days - 1, "10:45")


def _day(now: datetime, days_ago: int) -> date:
    return london_date(now) - timedelta(days=days_ago)
