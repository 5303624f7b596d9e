"""Which event is possible in which state, and where not, what to do instead: a table.

What cannot be true is refused. What is only unlikely, or lacks something before it, is asked about
once, and recorded with a reason: papers come late here, and in any order.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from referrals.catalogue import EventCode
from referrals.delays import Event
from referrals.life_cycle import states
from referrals.life_cycle.moves import Place, places_around
from referrals.life_cycle.states import State

C, S = EventCode, State


class Answer(StrEnum):
    YES = "yes"
    ASK = "ask"
    NO = "no"


class Verdict(NamedTuple):
    """`words` say what to do where the answer is no, and what is asked where it is to be asked."""

    answer: Answer
    words: str = ""


POSSIBLE = Verdict(Answer.YES)
Rules = dict[State, Verdict]


def _ask(words: str, *where: State) -> Rules:
    return dict.fromkeys(where, Verdict(Answer.ASK, words))


def _no(words: str, *where: State) -> Rules:
    return dict.fromkeys(where, Verdict(Answer.NO, words))


_NO_SUBMISSION = (
    "There is no record that an NRM referral was submitted by then. Check that the letter is about "
    "this person. Record the submission first, or say why this is recorded all the same."
)
_NO_DECISION_YET = (
    "No decision is recorded that could be reconsidered. Record the negative decision first, with "
    "the date on its letter."
)
_POSITIVE = (
    "The decision on record is positive: there is nothing to reconsider. If the letter says "
    "something else, correct that entry on the timeline first."
)
_OUT = (
    "They had left the NRM by then, or were disqualified. Check the dates, or say why this is "
    "recorded all the same."
)
_POSITIVES = (*states.AFTER_RG_YES, S.CG_POSITIVE)
_RUNNING = (
    *states.UNDECIDED,
    *states.AFTER_RG_YES,
    S.RG_RECONSIDERED,
    S.RG_UNSAID,
    S.CG_RECONSIDERED,
    S.CG_UNSAID,
)
_SECOND = "{} is recorded already. If that one is wrong, correct it on the timeline. If this is {}"

# Where a state does not stand here, the event is possible in it.
RULES: Mapping[str, Rules] = {
    C.INITIAL_CONTACT: _no(
        "A wait has one first contact. Correct its date on the timeline, or log a new referral.",
        *State,
    ),
    C.RECORDED_IN_ERROR: _no(
        "Choose “Correct” beside the entry on the timeline, and say that it did not happen.",
        *State,
    ),
    C.REOPENED: _no(
        "This referral is open: there is nothing to reopen.",
        *(s for s in State if s != S.CLOSED),
    ),
    C.DTN_SUBMITTED: {
        **_ask(
            _SECOND.format("A Duty to Notify", "another body's, say whose."),
            S.NOTIFIED,
        ),
        **_ask(
            "An NRM referral was submitted by then, and discharges the duty. Say why a Duty to "
            "Notify was made all the same.",
            *(s for s in State if s not in {*states.BEFORE, S.CLOSED}),
        ),
    },
    C.REFERRAL_SUBMITTED: {
        **_ask(
            "They did not consent, as far as is recorded. Record first that they consented, or "
            "say why the NRM referral was submitted all the same.",
            S.DID_NOT_CONSENT,
        ),
        **_ask(
            _SECOND.format("An NRM referral", "a second one, say who submitted it and why."),
            *_RUNNING,
        ),
    },
    C.REFERRAL_ACKNOWLEDGED: _ask(_NO_SUBMISSION, *states.BEFORE),
    C.ALLOCATED: _ask(_NO_SUBMISSION, *states.BEFORE),
    C.RG_DECISION: {
        **_ask(_NO_SUBMISSION, *states.BEFORE),
        **_ask(
            _SECOND.format("A Reasonable Grounds decision", "another one, say how it came about."),
            *states.AFTER_RG_YES,
            S.RG_NEGATIVE,
            S.RG_FINAL,
            S.RG_UNSAID,
        ),
        **_no(
            "A Conclusive Grounds decision is recorded before this one. Check the dates on both "
            "letters, and correct the other one first if it is wrong.",
            *states.AFTER_CG,
        ),
        **_ask(_OUT, *states.OUT),
    },
    C.CG_DECISION: {
        **_no(
            "Record the Reasonable Grounds decision first, with the date on its letter: a "
            "Conclusive Grounds decision follows a positive one. If one letter decides both, "
            "choose the answer that says so.",
            *states.BEFORE,
            *states.UNDECIDED,
        ),
        **_no(
            "The Reasonable Grounds decision on record is negative, and no Conclusive Grounds "
            "decision follows it. Record first what the reconsideration decided, or correct the "
            "decision on the timeline.",
            *states.AFTER_RG_NO,
        ),
        **_ask(
            "The recovery period is at least 30 days from the Reasonable Grounds decision, and "
            "was not over by then. Check the dates on both letters, or say why it came earlier: a "
            "local authority's panel may decide both at once.",
            S.RECOVERY,
        ),
        **_ask(
            "It is not recorded whether Reasonable Grounds was positive. Correct that entry on the "
            "timeline if you know, or say why this is recorded all the same.",
            S.RG_UNSAID,
        ),
        **_ask(
            _SECOND.format("A Conclusive Grounds decision", "another one, say how it came about."),
            S.CG_POSITIVE,
            S.CG_NEGATIVE,
            S.CG_FINAL,
            S.CG_UNSAID,
        ),
        **_ask(_OUT, *states.OUT),
    },
    C.RECONSIDERATION_REQUESTED: {
        **_no(_NO_DECISION_YET, *states.BEFORE, *states.UNDECIDED),
        **_no(_POSITIVE, *_POSITIVES),
        **_ask(
            "The 30 days from the date on the letter were over, or it was answered already. Say "
            "why: an extension is given only in exceptional circumstances.",
            S.RG_FINAL,
            S.CG_FINAL,
        ),
        **_ask(
            _SECOND.format("A request", "a second one, say what is new in it."),
            S.RG_RECONSIDERED,
            S.CG_RECONSIDERED,
        ),
        **_ask(_OUT, *states.OUT),
    },
    C.RECONSIDERATION_NOT_REQUESTED: {
        **_no(_NO_DECISION_YET, *states.BEFORE, *states.UNDECIDED),
        **_no(_POSITIVE, *_POSITIVES),
        **_no(
            "A reconsideration was asked for by then. Record what was decided, or correct that "
            "entry on the timeline.",
            S.RG_RECONSIDERED,
            S.CG_RECONSIDERED,
        ),
    },
    C.RECONSIDERATION_DECIDED: {
        **_no(_NO_DECISION_YET, *states.BEFORE, *states.UNDECIDED),
        **_no(_POSITIVE, *_POSITIVES),
        **_ask(
            "There is no record that a reconsideration was asked for. Record that first, or say "
            "why the decision is recorded all the same.",
            S.RG_NEGATIVE,
            S.RG_FINAL,
            S.RG_UNSAID,
            S.CG_NEGATIVE,
            S.CG_FINAL,
            S.CG_UNSAID,
        ),
        **_ask(_OUT, *states.OUT),
    },
    C.WITHDRAWN_FROM_NRM: {
        **_no(
            "They are not in the NRM, as far as is recorded. If an NRM referral was submitted, "
            "record that first. If they no longer want one, record that they withdrew consent.",
            *states.ON_THE_WAY,
            S.DID_NOT_CONSENT,
        ),
        **_no(
            "A Duty to Notify was made and no NRM referral: there is nothing to leave. If an NRM "
            "referral was submitted since, record that first.",
            S.NOTIFIED,
        ),
        **_ask(
            "The last decision was made by then. Say what they leave.",
            S.CG_POSITIVE,
            S.CG_NEGATIVE,
            S.CG_FINAL,
            S.CG_UNSAID,
            S.RG_FINAL,
        ),
        **_no(
            "They have left the NRM already. If the date is wrong, correct that entry on the "
            "timeline.",
            S.WITHDRAWN,
        ),
        **_ask(_OUT, S.DISQUALIFIED),
    },
    C.PUBLIC_ORDER_DISQUALIFICATION: {
        **_no(
            "Record the positive Reasonable Grounds decision first: a disqualification (section "
            "63 of the Nationality and Borders Act 2022) follows one.",
            *states.BEFORE,
            *states.UNDECIDED,
            *states.AFTER_RG_NO,
        ),
        **_ask(
            "The decision on record is not positive. Say why the disqualification is recorded all "
            "the same.",
            S.RG_UNSAID,
            S.CG_UNSAID,
            *states.AFTER_CG_NO,
        ),
        **_ask(_OUT, S.WITHDRAWN),
        **_no(
            "A disqualification is recorded already. If the date is wrong, correct that entry on "
            "the timeline.",
            S.DISQUALIFIED,
        ),
    },
}
# What may still be recorded of a closed referral: decisions come after closing too.
AFTER_CLOSING = (
    C.REOPENED,
    C.RG_DECISION,
    C.CG_DECISION,
    C.RECONSIDERATION_REQUESTED,
    C.RECONSIDERATION_NOT_REQUESTED,
    C.RECONSIDERATION_DECIDED,
)
IS_CLOSED = Verdict(Answer.NO, "This referral is closed. Reopen it to record what happened.")
# A window that runs must be answered, whatever was decided or begun since.
ABOUT_A_NO = (
    C.RECONSIDERATION_REQUESTED,
    C.RECONSIDERATION_NOT_REQUESTED,
    C.RECONSIDERATION_DECIDED,
)
AN_EARLIER_NO = Verdict(
    Answer.ASK,
    "The last decision on record is not a negative one, though an earlier one was. Say which "
    "decision this is about.",
)


def verdict(code: str, state: State) -> Verdict:
    """Whether an event is possible in a state."""
    if state == S.CLOSED:
        return POSSIBLE if code in AFTER_CLOSING else RULES.get(code, {}).get(state, IS_CLOSED)
    return RULES.get(code, {}).get(state, POSSIBLE)


def judge(new: Event, events: Iterable[Event], *, child: bool, closed: bool = False) -> Verdict:
    """Whether an event can have happened, on the timeline as it stood on that day.

    `closed`: whether the referral is closed now. That is a fact of the record and not of the
    person: what happened in between may be told once it is reopened.
    """
    if closed:
        found = verdict(new.code, S.CLOSED)
        if found.answer == Answer.NO or new.code == C.REOPENED:
            return found
    each_way = [_in(new, place) for place in places_around(events, new, child=child)]
    return min(each_way, key=lambda each: list(Answer).index(each.answer))


def _in(new: Event, place: Place) -> Verdict:
    found = verdict(new.code, place.state)
    if place.state == S.RECOVERY and place.devolved and new.code == C.CG_DECISION:
        return POSSIBLE  # one meeting of the panel may decide both
    asked_again = place.state in (S.RG_RECONSIDERED, S.CG_RECONSIDERED)
    about_a_no = new.code in ABOUT_A_NO and place.said_no and not asked_again
    if found.answer == Answer.NO and about_a_no:
        return AN_EARLIER_NO
    return found
