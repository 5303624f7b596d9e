"""Where a person stands between asking for help and the last decision, by the field's words."""

from enum import StrEnum


class State(StrEnum):
    ASKED = "asked"
    IN_TOUCH = "in_touch"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    DID_NOT_CONSENT = "did_not_consent"
    NOTIFIED = "notified"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    ALLOCATED = "allocated"
    RECOVERY = "recovery"
    CG_AWAITED = "cg_awaited"
    RG_NEGATIVE = "rg_negative"
    RG_FINAL = "rg_final"
    RG_RECONSIDERED = "rg_reconsidered"
    RG_UNSAID = "rg_unsaid"
    CG_POSITIVE = "cg_positive"
    CG_NEGATIVE = "cg_negative"
    CG_FINAL = "cg_final"
    CG_RECONSIDERED = "cg_reconsidered"
    CG_UNSAID = "cg_unsaid"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    CLOSED = "closed"


S = State
WORDS: dict[State, str] = {
    S.ASKED: "Asked for help",
    S.IN_TOUCH: "In touch with organisations",
    S.ACCEPTED: "Accepted by an organisation",
    S.PREPARING: "NRM referral being prepared",
    S.DID_NOT_CONSENT: "Did not consent to an NRM referral",
    S.NOTIFIED: "Duty to Notify made",
    S.SUBMITTED: "NRM referral submitted",
    S.ACKNOWLEDGED: "NRM referral acknowledged",
    S.ALLOCATED: "Allocated to a decision maker",
    S.RECOVERY: "Reasonable Grounds positive: recovery period",
    S.CG_AWAITED: "Recovery period over: Conclusive Grounds awaited",
    S.RG_NEGATIVE: "Reasonable Grounds negative: reconsideration can be asked for",
    S.RG_FINAL: "Reasonable Grounds negative",
    S.RG_RECONSIDERED: "Reconsideration of Reasonable Grounds asked for",
    S.RG_UNSAID: "Reasonable Grounds decided, outcome not recorded",
    S.CG_POSITIVE: "Conclusive Grounds positive",
    S.CG_NEGATIVE: "Conclusive Grounds negative: reconsideration can be asked for",
    S.CG_FINAL: "Conclusive Grounds negative",
    S.CG_RECONSIDERED: "Reconsideration of Conclusive Grounds asked for",
    S.CG_UNSAID: "Conclusive Grounds decided, outcome not recorded",
    S.WITHDRAWN: "Left the NRM",
    S.DISQUALIFIED: "Disqualified on grounds of public order",
    S.CLOSED: "Closed",
}

ON_THE_WAY = (S.ASKED, S.IN_TOUCH, S.ACCEPTED, S.PREPARING)  # each further than the last
BEFORE = (*ON_THE_WAY, S.DID_NOT_CONSENT, S.NOTIFIED)
UNDECIDED = (S.SUBMITTED, S.ACKNOWLEDGED, S.ALLOCATED)
AFTER_RG_YES = (S.RECOVERY, S.CG_AWAITED)
AFTER_RG_NO = (S.RG_NEGATIVE, S.RG_FINAL, S.RG_RECONSIDERED)
AFTER_CG_NO = (S.CG_NEGATIVE, S.CG_FINAL, S.CG_RECONSIDERED)
AFTER_CG = (S.CG_POSITIVE, *AFTER_CG_NO, S.CG_UNSAID)
OUT = (S.WITHDRAWN, S.DISQUALIFIED)
