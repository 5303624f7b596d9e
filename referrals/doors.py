"""Which way leads to recording which event, and what each event asks beside when it happened.

Three doors cover the usual calls and letters; everything else is listed by stage.
"""

from collections.abc import Mapping, Sequence

from referrals.catalogue import (
    ANSWER_CODES,
    CONSENT_CODES,
    FOR_A_CHILD,
    OUTCOMES_OF,
    PAUSE_CODES,
    RISK_CODES,
    EventCode,
)

RANG, SPOKE, WROTE, ELSE = "rang", "spoke", "wrote", "else"
DOORS: Mapping[str, tuple[str, str]] = {
    RANG: ("I rang an organisation", "Which one, and what they answered."),
    SPOKE: ("I spoke with the person", "Consent, risks, and when it is safe to call."),
    WROTE: ("The Home Office wrote", "An acknowledgement, an allocation or a decision."),
    ELSE: ("Something else", "Everything else that can happen, by stage."),
}
OF_DOORS: Mapping[str, tuple[EventCode, ...]] = {
    RANG: (EventCode.FRO_APPROACHED, *ANSWER_CODES),
    SPOKE: (EventCode.CONTACT_MADE,),
    WROTE: (
        EventCode.REFERRAL_ACKNOWLEDGED,
        EventCode.ALLOCATED,
        EventCode.RG_DECISION,
        EventCode.CG_DECISION,
        EventCode.RECONSIDERATION_DECIDED,
        EventCode.PUBLIC_ORDER_DISQUALIFICATION,
    ),
}
STAGES: Mapping[str, Sequence[EventCode]] = {
    "Contact": (
        EventCode.CONTACT_TRIED,
        EventCode.CONTACT_LOST,
        EventCode.HEARD_ELSEWHERE,
        EventCode.CONTACT_REGAINED,
        EventCode.CONTACT_INTERVAL_AGREED,
        EventCode.CONTACT_INTERVAL_WITHDRAWN,
        EventCode.PAUSE_STARTED,
        EventCode.PAUSE_ENDED,
    ),
    "Safety and risks": (
        EventCode.IMMEDIATE_SAFETY_CHECKED,
        EventCode.INDICATORS_IDENTIFIED,
        EventCode.RISK_FLAG_ADDED,
        EventCode.RISK_FLAG_REMOVED,
        EventCode.ADULT_SAFEGUARDING_REFERRED,
        EventCode.ADULT_SAFEGUARDING_ANSWERED,
        EventCode.CHILDREN_SAFEGUARDING_REFERRED,
    ),
    "A child, or someone who might be": (
        EventCode.LA_SAFEGUARDING_REFERRED,
        EventCode.LA_ACKNOWLEDGED,
        EventCode.ICTG_REFERRED,
        EventCode.ICTG_APPOINTED,
        EventCode.AGE_GROUP_CHANGED,
    ),
    "Explaining and consent": (EventCode.NRM_EXPLAINED, *CONSENT_CODES),
    "Finding an organisation": (EventCode.SIGNPOSTED_STATUTORY, EventCode.HANDED_OVER),
    "Referral meeting": (
        EventCode.APPOINTMENT_OFFERED,
        EventCode.APPOINTMENT_ATTENDED,
        EventCode.APPOINTMENT_MISSED,
        EventCode.APPOINTMENT_CANCELLED_BY_FRO,
        EventCode.INTERPRETER_REQUESTED,
        EventCode.INTERPRETER_UNAVAILABLE,
        EventCode.INTERPRETER_BOOKED,
        EventCode.INTERVIEW_STARTED,
        EventCode.INTERVIEW_COMPLETED,
    ),
    "Evidence and advice": (
        EventCode.EVIDENCE_REQUESTED,
        EventCode.EVIDENCE_RECEIVED,
        EventCode.LEGAL_ADVICE_REQUESTED,
        EventCode.LEGAL_ADVICE_RECEIVED,
        EventCode.LEGAL_ADVICE_UNOBTAINABLE,
    ),
    "Home Office form": (
        EventCode.DRAFT_STARTED,
        EventCode.DRAFT_LAST_SAVED,
        EventCode.DRAFT_ABANDONED,
        EventCode.REVIEW_COMPLETED,
        EventCode.REFERRAL_SUBMITTED,
        EventCode.DTN_SUBMITTED,
    ),
    "Support": (
        EventCode.EMERGENCY_SUPPORT_REQUESTED,
        EventCode.EMERGENCY_SUPPORT_STARTED,
        EventCode.EMERGENCY_SUPPORT_REFUSED,
        EventCode.SUPPORT_CONTACTED,
        EventCode.SUPPORT_STARTED,
        EventCode.SUPPORT_ENDED,
    ),
    "After the NRM referral": (
        EventCode.RECONSIDERATION_REQUESTED,
        EventCode.RECONSIDERATION_NOT_REQUESTED,
        EventCode.WITHDRAWN_FROM_NRM,
    ),
}
OWN_PAGES = (  # logging a referral, a child's consent, closing, reopening, correcting
    *FOR_A_CHILD,
    EventCode.INITIAL_CONTACT,
    EventCode.CLOSED,
    EventCode.REOPENED,
    EventCode.RECORDED_IN_ERROR,
)
# What each person says, decides or has for themselves: never recorded for several at once.
EACH_ALONE = frozenset(
    {
        *OWN_PAGES,
        *CONSENT_CODES,
        *RISK_CODES,
        *PAUSE_CODES,
        *STAGES["Home Office form"],
        *STAGES["After the NRM referral"],
        EventCode.CONTACT_INTERVAL_AGREED,
        EventCode.CONTACT_INTERVAL_WITHDRAWN,
        EventCode.IMMEDIATE_SAFETY_CHECKED,
        EventCode.INDICATORS_IDENTIFIED,
        EventCode.AGE_GROUP_CHANGED,
        EventCode.CONTACT_INTERVAL_AGREED,
        EventCode.CONTACT_INTERVAL_WITHDRAWN,
        EventCode.INTERVIEW_STARTED,
        EventCode.INTERVIEW_COMPLETED,
    }
)

DECISIONS = (EventCode.RG_DECISION, EventCode.CG_DECISION, EventCode.RECONSIDERATION_DECIDED)
LETTERS = (
    *DECISIONS,
    EventCode.REFERRAL_ACKNOWLEDGED,
    EventCode.ALLOCATED,
    EventCode.PUBLIC_ORDER_DISQUALIFICATION,
)
OF_AN_ORGANISATION = (
    *OF_DOORS[RANG],
    EventCode.HANDED_OVER,
    EventCode.SIGNPOSTED_STATUTORY,
    EventCode.APPOINTMENT_OFFERED,
    EventCode.APPOINTMENT_CANCELLED_BY_FRO,
)
ASKED: Mapping[str, Sequence[EventCode]] = {
    "organisation": OF_AN_ORGANISATION,
    "submitted_by": (EventCode.REFERRAL_SUBMITTED,),
    "consent_type": CONSENT_CODES,
    "given": (*CONSENT_CODES, *FOR_A_CHILD),
    "outcome": tuple(EventCode(code) for code in OUTCOMES_OF),
    "dated_on": LETTERS,
    "risk": RISK_CODES,
    "look_again_on": (EventCode.PAUSE_STARTED,),
    "every_days": (EventCode.CONTACT_INTERVAL_AGREED,),
}
OPTIONAL: Mapping[str, Sequence[EventCode]] = {
    "organisation": (
        EventCode.SIGNPOSTED_STATUTORY,
        EventCode.APPOINTMENT_OFFERED,
        EventCode.APPOINTMENT_CANCELLED_BY_FRO,
    ),
    "given": CONSENT_CODES,
    "outcome": (
        EventCode.ICTG_REFERRED,
        EventCode.RG_DECISION,
        EventCode.CG_DECISION,
        EventCode.WITHDRAWN_FROM_NRM,
    ),
    "dated_on": tuple(code for code in LETTERS if code != EventCode.RG_DECISION),
    "look_again_on": (EventCode.PAUSE_STARTED,),
}
REASON_NEEDED = (EventCode.RECONSIDERATION_NOT_REQUESTED,)
OUTCOME_ASKS: Mapping[str, str] = {
    EventCode.WITHDRAWN_FROM_NRM: "How did they leave?",
    EventCode.ADULT_SAFEGUARDING_ANSWERED: "What did they answer?",
    EventCode.ALLOCATED: "To whom?",
}
# What the note is asked for, of events that name somebody or something in a word.
NOTE_ASKS: Mapping[str, tuple[str, str]] = {
    EventCode.INTERPRETER_REQUESTED: ("Which language? (optional)", ""),
    EventCode.INTERPRETER_UNAVAILABLE: ("Which language? (optional)", ""),
    EventCode.INTERPRETER_BOOKED: ("Which language, and for when? (optional)", ""),
    EventCode.LEGAL_ADVICE_REQUESTED: (
        "Of whom? (optional)",
        "In a word, such as a law centre or a solicitor.",
    ),
    EventCode.LEGAL_ADVICE_RECEIVED: (
        "From whom? (optional)",
        "In a word. What was advised stays between them.",
    ),
    EventCode.LEGAL_ADVICE_UNOBTAINABLE: (
        "Who was asked, and what stood in the way? (optional)",
        "Such as no legal aid solicitor within reach.",
    ),
    EventCode.SUPPORT_STARTED: ("By whom, and of what kind? (optional)", ""),
    EventCode.WITHDRAWN_FROM_NRM: (
        "Note (optional)",
        "Support that the Home Office pays for ends with it: check that they know.",
    ),
    EventCode.SUPPORT_ENDED: ("Why did it end? (optional)", ""),
}


def asks(field: str, code: str) -> bool:
    return code in ASKED[field]


def needs(field: str, code: str) -> bool:
    return asks(field, code) and code not in OPTIONAL.get(field, ())
