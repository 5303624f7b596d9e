"""People to count: stories of all sorts, the same at each run, and the same again elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from referrals.actions import Happening, Opening, open_referrals
from referrals.catalogue import CLOSE_REASONS
from tests.conftest import NOW
from tests.factories import Acting, happening, record, referral

DAY = timedelta(days=1)
NATIONS = ("england", "scotland", "wales", "northern_ireland")
AGES = ("adult", "adult", "adult", "child", "not_sure")
ANSWERS = (
    *("fro_declined_capacity", "fro_declined_scope", "fro_declined_other"),
    *("fro_no_response", "fro_waitlisted"),
)


def crowd(acting: Acting, others: Sequence[Acting], *, number: int, seed: int = 7) -> None:
    """So many people of one organisation, and one of whom an entry came late."""
    random = Random(seed)
    openings = [_opening(acting, others, random, word=n) for n in range(number)]
    with acting.context():
        open_referrals(openings=openings, by=acting.caseworker, now=NOW - timedelta(minutes=2))
    _late(acting)


def _opening(acting: Acting, others: Sequence[Acting], random: Random, *, word: int) -> Opening:
    days = random.choice((3, 9, 15, 20, 29, 40, 57, 70, 90, 150, 300, 500))
    start = NOW - days * DAY - timedelta(hours=random.randrange(24))
    events = [happening("initial_contact", start), *_steps(acting, others, random, start)]
    if random.random() < 0.3:
        events += _pause(random, start)
    if random.random() < 0.25:
        events.append(happening("risk_flag_added", start, risk="destitute"))
    if random.random() < 0.3:
        reason = random.choice(CLOSE_REASONS)
        last = max(event.happened_at for event in events)
        events.append(happening("closed", _between(random, last), outcome=str(reason)))
    return Opening(
        pseudonym=f"Word {word}",
        age_group=random.choice(AGES),
        nation=random.choice(NATIONS),
        happenings=sorted(events, key=lambda event: event.happened_at),
        assigned_to=random.choice((acting.caseworker.user_id, acting.manager.user_id, None)),
    )


def _between(random: Random, start: datetime) -> datetime:
    return start + (NOW - timedelta(hours=1) - start) * random.random()


def _steps(
    acting: Acting, others: Sequence[Acting], random: Random, start: datetime
) -> list[Happening]:
    found, at = [], start
    for code in ("immediate_safety_checked", "consent_recorded"):
        at = _between(random, at)
        if random.random() < 0.8:
            found.append(happening(code, at))
    for other in random.sample(list(others), random.randrange(len(others) + 1)):
        at = _between(random, at)
        found.append(happening("fro_approached", at, organisation=other.organisation))
        at = _between(random, at)
        code = random.choice((*ANSWERS, "fro_accepted", ""))
        if code:
            found.append(happening(code, at, organisation=other.organisation))
    for code in ("appointment_offered", "appointment_attended", "interview_completed"):
        at = _between(random, at)
        if random.random() < 0.6:
            found.append(happening(code, at))
    if random.random() < 0.45:
        at = _between(random, at)
        code = random.choice(("referral_submitted",) * 4 + ("dtn_submitted",))
        found.append(happening(code, at, submitted_by=acting.organisation))
    return found


def _pause(random: Random, start: datetime) -> list[Happening]:
    since = _between(random, start)
    kind = random.choice(("survivor_asked", "safeguarding_hold"))
    found = [happening("pause_started", since, outcome=kind)]
    if random.random() < 0.7:
        found.append(happening("pause_ended", _between(random, since)))
    return found


def _late(acting: Acting) -> None:
    """What happened in time, and is recorded now."""
    start = NOW - 50 * DAY
    made = referral(acting, contact=start, now=NOW - timedelta(minutes=2), pseudonym="Late")
    screened = happening("immediate_safety_checked", start + timedelta(hours=1))
    record(acting, made, screened, now=NOW)
