"""Short ways to write a timeline down, for the tests of the rules."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from nrm_tracker.calendars import calendar
from referrals import delays
from referrals.delays import Breach, Event, Responsible, Rules, Threshold, Timeline

MIGRATIONS = Path(delays.__file__).parents[1] / "migrations"
SEED = MIGRATIONS / "thresholds_2026.json"
DEFINITIONS = {rule["code"]: rule for rule in json.loads(SEED.read_text())["rules"]}
ANSWERS = {
    rule["code"]: rule
    for rule in json.loads((MIGRATIONS / "thresholds_2026_answers.json").read_text())["rules"]
}
YEARS = range(2000, 2101)
NATIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
CALENDARS = {
    nation: calendar(frozenset(holidays.country_holidays("GB", subdiv=part, years=YEARS)))
    for nation, part in NATIONS.items()
}


def judged_by(*thresholds: Threshold) -> Rules:
    return Rules(thresholds, CALENDARS)


RULES = judged_by(
    *(
        Threshold.from_definition(code=code, effective_from=None, definition=definition)
        for code, definition in DEFINITIONS.items()
    )
)
WITH_PAUSES = judged_by(
    *RULES.thresholds,
    Threshold.from_definition(
        code="pause-maximum", effective_from=None, definition=ANSWERS["pause-maximum"]
    ),
)
TICK = timedelta(microseconds=1)
EVER = date(2015, 11, 1)
RESPONSIBLE = Responsible(datetime(2015, 11, 1, tzinfo=UTC), None, ((EVER, None),), False)


def london(text: str) -> datetime:
    """`2026-03-02 10:00` in London, as an instant in UTC."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))
    return local.astimezone(UTC)


def event(text: str, **more: object) -> Event:
    """`3 2026-03-02T10:00 code` with more: id, London time, code."""
    number, at, code = text.split()
    return Event(int(number), code, london(at), **more)  # type: ignore[arg-type]


def timeline(
    *events: Event,
    age: str = "adult",
    nation: str = "england",
    birthday: date | None = None,
    responsible: Sequence[Responsible] = (RESPONSIBLE,),
) -> Timeline:
    return Timeline(age, nation, birthday, events, tuple(responsible))


def of(rule: str, found: Sequence[Breach], severity: str | None = None) -> list[Breach]:
    return [b for b in found if b.rule == rule and severity in (None, b.severity)]
