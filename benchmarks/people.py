"""Invented people, each the same at every run: ten events, and risks that change along the way."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from referrals.delays import Event, Responsible, Timeline

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday
EVENTS = 10  # a person
HELD_BY_ONE = 500  # referrals an organisation
DESIGNATED_SINCE = date(2015, 11, 1)
DESIGNATED = ((DESIGNATED_SINCE, None),)

NATIONS = {"england": 84, "scotland": 8, "wales": 5, "northern_ireland": 3}
TIGHTENING = {
    "destitute_within_two_weeks": 25,
    "destitute": 15,
    "re_exploitation_concern": 15,
    "pregnant": 10,
    "suicide_or_self_harm_risk": 10,
    "street_homeless": 10,
    "trafficker_contact_within_week": 5,
    "detained": 5,
    "still_in_exploitation": 5,
}
OTHER = {"health_need": 50, "children_with_them": 30, "disability": 20}
BIRTHDAY_KNOWN = 0.3  # of the children, how many
FIRST_CALL = 4  # events of the first hour

# `+T` and `-T` set and end a risk that tightens limits, `+O` another one; `@1` and `@2` name an
# organisation; `/support` is a type of consent.
STORIES: dict[str, tuple[int, str, str]] = {
    "asking around": (
        35,
        "adult",
        "initial_contact indicators_identified +O immediate_safety_checked nrm_explained "
        "consent_recorded fro_approached@1 +T fro_declined_capacity@1 fro_approached@2",
    ),
    "at risk": (
        15,
        "adult",
        "initial_contact +T +O immediate_safety_checked nrm_explained consent_recorded "
        "consent_recorded/support fro_approached@1 -T contact_made",
    ),
    "on a list": (
        15,
        "adult",
        "initial_contact +O immediate_safety_checked nrm_explained consent_recorded "
        "fro_approached@1 fro_waitlisted@1 +T contact_made -T",
    ),
    "meeting": (
        10,
        "adult",
        "initial_contact +T immediate_safety_checked consent_recorded fro_accepted@1 "
        "appointment_offered@1 -T appointment_attended@1 draft_started draft_last_saved",
    ),
    "submitted": (
        10,
        "adult",
        "initial_contact +T immediate_safety_checked consent_recorded consent_recorded/support "
        "fro_accepted@1 -T interview_completed referral_submitted support_contacted",
    ),
    "child": (
        10,
        "child",
        "initial_contact indicators_identified +T immediate_safety_checked "
        "la_safeguarding_referred la_acknowledged ictg_referred -T +O contact_made",
    ),
    "perhaps a child": (
        5,
        "not_sure",
        "initial_contact indicators_identified +T immediate_safety_checked "
        "la_safeguarding_referred contact_made -T +O contact_made contact_made",
    ),
}
KINDS, WEIGHTS = list(STORIES), [weight for weight, _, _ in STORIES.values()]


@dataclass(frozen=True, slots=True)
class Person:
    """A referral, the organisation that holds it (a number from 1), and the risks that stand."""

    number: int
    organisation: int
    timeline: Timeline
    risks: tuple[str, ...]


def person(number: int, *, organisations: int) -> Person:
    """The person with this number, from 1; `organisations` there are to approach."""
    random = Random(number)  # noqa: S311 - the same person at each run, not a secret
    _, age_group, words = STORIES[random.choices(KINDS, WEIGHTS)[0]]
    risks = {"T": _one_of(TIGHTENING, random), "O": _one_of(OTHER, random)}
    others = random.choices(range(1, organisations + 1), k=2)
    events = tuple(
        _event(word, (number - 1) * EVENTS + place, at, risks, others)
        for place, (word, at) in enumerate(zip(words.split(), _times(random), strict=True), 1)
    )
    years_old = 17 * 365 + random.randrange(365)
    child = age_group == "child" and random.random() < BIRTHDAY_KNOWN
    ahead = NOW.date() + timedelta(days=18 * 365 + 4 - years_old)
    timeline = Timeline(
        age_group=age_group,
        nation=_one_of(NATIONS, random),
        turns_18_on=ahead if child else None,
        events=events,
        responsible=(Responsible(events[0].happened_at, None, DESIGNATED, duty_to_notify=False),),
    )
    standing = [
        risk for key, risk in risks.items() if f"+{key}" in words and f"-{key}" not in words
    ]
    return Person(number, (number - 1) // HELD_BY_ONE + 1, timeline, tuple(standing))


def _one_of(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _times(random: Random) -> list[datetime]:
    """Some in the first hour, the others until now; half of all waits are shorter than a month."""
    wait = timedelta(days=min(random.lognormvariate(3.4, 0.9), 500))
    first = NOW - wait
    call = (first + timedelta(seconds=random.randrange(3600)) for _ in range(FIRST_CALL - 1))
    later = (first + wait * random.uniform(0.02, 0.98) for _ in range(EVENTS - FIRST_CALL))
    return [first, *sorted([*call, *later])]


def _event(word: str, pk: int, at: datetime, risks: dict[str, str], others: list[int]) -> Event:
    if word[0] in "+-":
        code = "risk_flag_added" if word[0] == "+" else "risk_flag_removed"
        return Event(pk, code, at, risk=risks[word[1]])
    code, _, organisation = word.partition("@")
    code, _, consent = code.partition("/")
    if code == "consent_recorded":
        return Event(pk, code, at, consent_type=consent or "nrm")
    return Event(pk, code, at, organisation=others[int(organisation) - 1] if organisation else None)
