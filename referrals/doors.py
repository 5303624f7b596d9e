"""Which way leads to recording which event, and what each event asks beside when it happened.

Three doors cover the usual calls and letters; everything else is listed by stage.
"""

from collections.abc import Mapping, Sequence

from referrals.catalogue import ANSWER_CODES, CONSENT_CODES, OUTCOMES_OF, RISK_CODES, EventCode

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
    ),
}
STAGES: Mapping[str, Sequence[EventCode]] = {
    "Contact": (
        EventCode.CONTACT_LOST,
        EventCode.CONTACT_REGAINED,
        EventCode.PAUSE_STARTED,
        EventCode.PAUSE_ENDED,
    ),
    "Safety and risks": (
        EventCode.IMMEDIATE_SAFETY_CHECKED,
        EventCode.INDICATORS_IDENTIFIED,
        EventCode.RISK_FLAG_ADDED,
        EventCode.RISK_FLAG_REMOVED,
        EventCode.ADULT_SAFEGUARDING_REFERRED,
        EventCode.CHILDREN_SAFEGUARDING_REFERRED,
    ),
    "A child, or someone who might be": (
        EventCode.LA_SAFEGUARDING_REFERRED,
        EventCode.LA_ACKNOWLEDGED,
        EventCode.ICTG_REFERRED,
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
        EventCode.INTERVIEW_STARTED,
        EventCode.INTERVIEW_COMPLETED,
    ),
    "Evidence and advice": (
        EventCode.EVIDENCE_REQUESTED,
        EventCode.EVIDENCE_RECEIVED,
        EventCode.LEGAL_ADVICE_REQUESTED,
        EventCode.LEGAL_ADVICE_RECEIVED,
    ),
    "Home Office form": (
        EventCode.DRAFT_STARTED,
        EventCode.DRAFT_LAST_SAVED,
        EventCode.DRAFT_ABANDONED,
        EventCode.REVIEW_COMPLETED,
        EventCode.REFERRAL_SUBMITTED,
        EventCode.DTN_SUBMITTED,
    ),
    "Emergency support": (
        EventCode.EMERGENCY_SUPPORT_REQUESTED,
        EventCode.EMERGENCY_SUPPORT_STARTED,
        EventCode.EMERGENCY_SUPPORT_REFUSED,
        EventCode.SUPPORT_CONTACTED,
    ),
    "After the NRM referral": (
        EventCode.RECONSIDERATION_REQUESTED,
        EventCode.RECONSIDERATION_NOT_REQUESTED,
        EventCode.WITHDRAWN_FROM_NRM,
        EventCode.PUBLIC_ORDER_DISQUALIFICATION,
    ),
}
OWN_PAGES = (  # logging a referral, closing, reopening, correcting
    EventCode.INITIAL_CONTACT,
    EventCode.CLOSED,
    EventCode.REOPENED,
    EventCode.RECORDED_IN_ERROR,
)

DECISIONS = (EventCode.RG_DECISION, EventCode.CG_DECISION, EventCode.RECONSIDERATION_DECIDED)
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
    "given": CONSENT_CODES,
    "outcome": tuple(EventCode(code) for code in OUTCOMES_OF),
    "dated_on": DECISIONS,
    "risk": RISK_CODES,
    "look_again_on": (EventCode.PAUSE_STARTED,),
}
OPTIONAL: Mapping[str, Sequence[EventCode]] = {
    "organisation": (
        EventCode.SIGNPOSTED_STATUTORY,
        EventCode.APPOINTMENT_OFFERED,
        EventCode.APPOINTMENT_CANCELLED_BY_FRO,
    ),
    "given": CONSENT_CODES,
    "outcome": (EventCode.ICTG_REFERRED, EventCode.RG_DECISION, EventCode.CG_DECISION),
    "dated_on": (EventCode.CG_DECISION, EventCode.RECONSIDERATION_DECIDED),
    "look_again_on": (EventCode.PAUSE_STARTED,),
}
REASON_NEEDED = (EventCode.RECONSIDERATION_NOT_REQUESTED,)


def asks(field: str, code: str) -> bool:
    return code in ASKED[field]


def needs(field: str, code: str) -> bool:
    return asks(field, code) and code not in OPTIONAL.get(field, ())
