"""The table in pictures and words, for the documents."""

from collections.abc import Iterator

from referrals.catalogue import EventCode, Outcome
from referrals.life_cycle.allowed import RULES, Answer, Verdict
from referrals.life_cycle.moves import MOVES, ONWARD, OVER
from referrals.life_cycle.states import BEFORE, ON_THE_WAY, WORDS, State

HEAD = """# From asking for help to the last decision

This page is drawn from the code by `manage.py life_cycle --write`; a test fails when the two
differ.

A person's stage is never stored. It follows from the events that stand on the timeline, in the
order of what they say: a decision counts from the date on its letter, whenever the letter came.
Recording, correcting or importing something older may therefore change it.

"""
PICTURE = """## How one stage leads to the next

The usual way. From every stage between the NRM referral and the last decision an adult may
leave the NRM. What comes late or in another order is in the tables below.

"""
REFUSED = """
## What is refused, and what is asked about

What cannot be true is refused, with what to do instead. What is only unlikely, or lacks
something before it, is asked about once and recorded with a reason. Everything that is not
named here is possible at any stage of an open referral. Of one event and one stage the kindest
reading of the day counts, since people know the day and seldom which of two things came first.

"""
CLOSED = """
A closed referral takes decisions and what was done about them, which come after closing too,
and can be reopened. Everything else is refused: reopen it first. Whoever may be a child cannot
leave the NRM.
"""
NOT_PICTURED = (EventCode.WITHDRAWN_FROM_NRM, f"{EventCode.CONSENT_WITHDRAWN}:nrm")
PICTURED_FROM = (State.PREPARING, State.DID_NOT_CONSENT, State.NOTIFIED)  # of all before the NRM
USUAL = (
    (State.ASKED, EventCode.FRO_APPROACHED, State.IN_TOUCH),
    (State.IN_TOUCH, EventCode.FRO_ACCEPTED, State.ACCEPTED),
    (State.ACCEPTED, EventCode.INTERVIEW_STARTED, State.PREPARING),
)


def drawn() -> str:
    parts = [HEAD, PICTURE, "```mermaid\n", *_picture(), "```\n", *_moves(), REFUSED, *_rules()]
    return "".join([*parts, CLOSED])


def _picture() -> Iterator[str]:
    yield "stateDiagram-v2\n"
    for state in State:
        yield f"    {state}: {WORDS[state].replace(':', ',')}\n"
    yield f"    [*] --> {State.ASKED}\n"
    for since, code, to in USUAL:
        yield f"    {since} --> {to}: {EventCode(code).label}\n"
    for key, moves in MOVES.items():
        usual = {since: to for since, to in moves.items() if since != to and _is_usual(key, since)}
        for since, to in usual.items():
            yield f"    {since} --> {to}: {_named(key)}\n"
    for since, (days, to) in OVER.items():
        yield f"    {since} --> {to}: {days} days later\n"


def _is_usual(key: str, since: State) -> bool:
    """Whether nothing is refused or asked about on this way, and it is no second beginning."""
    code = key.partition(":")[0]
    first = code != EventCode.REFERRAL_SUBMITTED or since in BEFORE
    told_once = since not in BEFORE or since in PICTURED_FROM
    hidden = key in NOT_PICTURED or key.endswith(":") or since in RULES.get(code, {})
    return first and told_once and not hidden


def _moves() -> Iterator[str]:
    yield "\n## What moves somebody on\n\n| what is recorded | from | to |\n|---|---|---|\n"
    for to in ON_THE_WAY[1:]:
        codes = [EventCode(code).label for code, leads in ONWARD.items() if leads == to]
        yield f"| {'; '.join(codes)} | any earlier stage of the way in | {WORDS[to]} |\n"
    for key, moves in MOVES.items():
        for to in dict.fromkeys(moves.values()):
            since = [WORDS[state] for state, leads in moves.items() if leads == to]
            yield f"| {_named(key)} | {'; '.join(since)} | {WORDS[to]} |\n"


def _rules() -> Iterator[str]:
    for code, rules in RULES.items():
        yield f"### {EventCode(code).label}\n\n| stage | | what the page says |\n|---|---|---|\n"
        by_words: dict[Verdict, list[State]] = {}
        for state, found in rules.items():
            by_words.setdefault(found, []).append(state)
        for found, where in by_words.items():
            every = len(where) > len(State) - 2
            stages = "any" if every else "; ".join(WORDS[state] for state in where)
            answer = "refused" if found.answer == Answer.NO else "asked"
            yield f"| {stages} | {answer} | {found.words} |\n"
        yield "\n"


def _named(key: str) -> str:
    code, _, detail = key.partition(":")
    label = EventCode(code).label
    if detail in Outcome.values:
        return f"{label}, {Outcome(detail).label.lower()}"
    if detail == "nrm":
        return f"{label} (to the NRM referral)"
    return f"{label}, without an outcome" if key.endswith(":") else str(label)
