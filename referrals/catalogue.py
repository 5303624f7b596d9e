"""The words of the field: what can happen while somebody waits, the risks, the answers.

Codes are stored and exchanged; labels are what people read. Sources: the event catalogue and
risks that the thresholds page explains.
"""

from django.db.models import TextChoices


class AgeGroup(TextChoices):
    ADULT = "adult", "Adult"
    CHILD = "child", "Child"
    NOT_SURE = "not_sure", "Might be a child"


class Severity(TextChoices):
    """Worst last. Critical: somebody may be harmed today and somebody here can act today."""

    INFO = "info", "For information"
    AMBER = "amber", "Delayed"
    RED = "red", "Seriously delayed"
    CRITICAL = "critical", "Critical"


SEVERITY_RANK: dict[str, int] = {code: rank for rank, code in enumerate(Severity.values)}


class Risk(TextChoices):
    STILL_IN_EXPLOITATION = "still_in_exploitation", "Still being exploited"
    TRAFFICKER_CONTACT_WITHIN_WEEK = (
        "trafficker_contact_within_week",
        "In contact with an exploiter within the last week",
    )
    SUICIDE_OR_SELF_HARM_RISK = "suicide_or_self_harm_risk", "Risk of suicide or self-harm"
    RE_EXPLOITATION_CONCERN = (
        "re_exploitation_concern",
        "Likely to be exploited again within days",
    )
    DESTITUTE = "destitute", "Destitute now"
    STREET_HOMELESS = "street_homeless", "Street homeless"
    DESTITUTE_WITHIN_TWO_WEEKS = (
        "destitute_within_two_weeks",
        "Will be destitute within two weeks",
    )
    IMMINENT_REMOVAL = "imminent_removal", "May be removed from the UK soon"
    DETAINED = "detained", "In immigration detention"
    PREGNANT = "pregnant", "Pregnant"
    CHILDREN_WITH_THEM = "children_with_them", "Has children with them"
    HEALTH_NEED = "health_need", "Urgent health need"
    DISABILITY = "disability", "Disability"


URGENT_RISKS = (
    Risk.STILL_IN_EXPLOITATION,
    Risk.TRAFFICKER_CONTACT_WITHIN_WEEK,
    Risk.SUICIDE_OR_SELF_HARM_RISK,
)
TIGHTENING_RISKS = (
    *URGENT_RISKS,
    Risk.RE_EXPLOITATION_CONCERN,
    Risk.DESTITUTE,
    Risk.STREET_HOMELESS,
    Risk.DESTITUTE_WITHIN_TWO_WEEKS,
    Risk.IMMINENT_REMOVAL,
    Risk.DETAINED,
    Risk.PREGNANT,
)


class ConsentType(TextChoices):
    NRM = "nrm", "To the NRM referral"
    SUPPORT = "support", "To support"
    POLICE = "police", "To contact with the police"
    SHARING = "sharing", "To sharing information"
    WAITING_LIST = "waiting_list", "To being on a waiting list"


class Given(TextChoices):
    """How a person said that they consent or do not; for a child perhaps somebody else."""

    IN_PERSON = "in_person", "In person"
    TELEPHONE = "telephone", "By telephone"
    WRITING = "writing", "In writing"
    PROFESSIONAL = "professional", "Through a professional they work with"
    PARENT = "parent", "By a person with parental responsibility"
    LOCAL_AUTHORITY = "local_authority", "By the local authority that is responsible"


OWN_WORD = (Given.IN_PERSON, Given.TELEPHONE, Given.WRITING, Given.PROFESSIONAL)


class Precision(TextChoices):
    EXACT = "exact", "exactly then"
    ABOUT = "about", "about then"
    DAY = "day", "that day, time not known"


class EventCode(TextChoices):
    INITIAL_CONTACT = "initial_contact", "Asked for help"
    INDICATORS_IDENTIFIED = "indicators_identified", "Signs of modern slavery noted"
    IMMEDIATE_SAFETY_CHECKED = "immediate_safety_checked", "Safety screen completed"
    RISK_FLAG_ADDED = "risk_flag_added", "Risk recorded"
    RISK_FLAG_REMOVED = "risk_flag_removed", "Risk no longer present"
    AGE_GROUP_CHANGED = "age_group_changed", "Age group changed"
    CONTACT_MADE = "contact_made", "Spoke with the person"
    CONTACT_LOST = "contact_lost", "Out of contact"
    CONTACT_REGAINED = "contact_regained", "Back in contact"
    CONTACT_INTERVAL_AGREED = "contact_interval_agreed", "Agreed how often to be in touch"
    CONTACT_INTERVAL_WITHDRAWN = (
        "contact_interval_withdrawn",
        "How often to be in touch is no longer agreed",
    )
    NRM_EXPLAINED = "nrm_explained", "NRM explained"
    CONSENT_RECORDED = "consent_recorded", "Consented"
    CONSENT_REFUSED = "consent_refused", "Did not consent"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Withdrew consent"
    CONSENT_UNDECIDED = "consent_undecided", "Undecided about consent"
    FRO_APPROACHED = "fro_approached", "Organisation approached"
    FRO_NO_RESPONSE = "fro_no_response", "No answer from the organisation"
    FRO_DECLINED_CAPACITY = "fro_declined_capacity", "No capacity"
    FRO_DECLINED_SCOPE = "fro_declined_scope", "Outside what they take"
    FRO_DECLINED_OTHER = "fro_declined_other", "Could not take the referral"
    FRO_WAITLISTED = "fro_waitlisted", "Put on a waiting list"
    FRO_ACCEPTED = "fro_accepted", "Referral accepted"
    HANDED_OVER = "handed_over", "Referral handed over"
    SIGNPOSTED_STATUTORY = "signposted_statutory", "Told how to reach a public body"
    APPOINTMENT_OFFERED = "appointment_offered", "Referral meeting offered"
    APPOINTMENT_ATTENDED = "appointment_attended", "Referral meeting held"
    APPOINTMENT_MISSED = "appointment_missed", "Referral meeting did not happen"
    APPOINTMENT_CANCELLED_BY_FRO = (
        "appointment_cancelled_by_fro",
        "Referral meeting cancelled by the organisation",
    )
    INTERPRETER_REQUESTED = "interpreter_requested", "Interpreter requested"
    INTERPRETER_UNAVAILABLE = "interpreter_unavailable", "No interpreter available"
    INTERPRETER_BOOKED = "interpreter_booked", "Interpreter booked"
    INTERVIEW_STARTED = "interview_started", "Account-taking started"
    INTERVIEW_COMPLETED = "interview_completed", "Account-taking completed"
    EVIDENCE_REQUESTED = "evidence_requested", "Evidence requested"
    EVIDENCE_RECEIVED = "evidence_received", "Evidence received"
    LEGAL_ADVICE_REQUESTED = "legal_advice_requested", "Legal advice requested"
    LEGAL_ADVICE_RECEIVED = "legal_advice_received", "Legal advice received"
    LEGAL_ADVICE_UNOBTAINABLE = "legal_advice_unobtainable", "Legal advice could not be obtained"
    DRAFT_STARTED = "draft_started", "Home Office draft started"
    DRAFT_LAST_SAVED = "draft_last_saved", "Home Office draft saved"
    DRAFT_ABANDONED = "draft_abandoned", "Home Office draft given up"
    REVIEW_COMPLETED = "review_completed", "Checked by a second person"
    REFERRAL_SUBMITTED = "referral_submitted", "NRM referral submitted"
    REFERRAL_ACKNOWLEDGED = "referral_acknowledged", "NRM referral acknowledged"
    ALLOCATED = "allocated", "Allocated to a decision maker"
    DTN_SUBMITTED = "dtn_submitted", "Duty to Notify submitted"
    EMERGENCY_SUPPORT_REQUESTED = "emergency_support_requested", "Emergency support requested"
    EMERGENCY_SUPPORT_STARTED = "emergency_support_started", "Emergency support started"
    EMERGENCY_SUPPORT_REFUSED = "emergency_support_refused", "Emergency support not granted"
    SUPPORT_CONTACTED = "support_contacted", "Support provider made contact"
    SUPPORT_STARTED = "support_started", "Support began"
    SUPPORT_ENDED = "support_ended", "Support ended"
    LA_SAFEGUARDING_REFERRED = "la_safeguarding_referred", "Local authority told about the child"
    LA_ACKNOWLEDGED = "la_acknowledged", "Local authority acknowledged"
    ICTG_REFERRED = "ictg_referred", "Referred to a child trafficking guardian"
    ICTG_APPOINTED = "ictg_appointed", "Child trafficking guardian appointed"
    CHILDREN_SAFEGUARDING_REFERRED = (
        "children_safeguarding_referred",
        "Children's safeguarding told",
    )
    ADULT_SAFEGUARDING_REFERRED = "adult_safeguarding_referred", "Adult safeguarding told"
    ADULT_SAFEGUARDING_ANSWERED = "adult_safeguarding_answered", "Adult safeguarding answered"
    RG_DECISION = "rg_decision", "Reasonable Grounds decision"
    CG_DECISION = "cg_decision", "Conclusive Grounds decision"
    RECONSIDERATION_REQUESTED = "reconsideration_requested", "Reconsideration requested"
    RECONSIDERATION_NOT_REQUESTED = (
        "reconsideration_not_requested",
        "Reconsideration will not be requested",
    )
    RECONSIDERATION_DECIDED = "reconsideration_decided", "Reconsideration decided"
    WITHDRAWN_FROM_NRM = "withdrawn_from_nrm", "Left the NRM"
    PUBLIC_ORDER_DISQUALIFICATION = (
        "public_order_disqualification",
        "Public order disqualification",
    )
    PAUSE_STARTED = "pause_started", "Paused"
    PAUSE_ENDED = "pause_ended", "Pause ended"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    RECORDED_IN_ERROR = "recorded_in_error", "Recorded in error"


class Outcome(TextChoices):
    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"
    SCA = "sca", "Single Competent Authority"
    IECA = "ieca", "Immigration Enforcement Competent Authority"
    DEVOLVED = "devolved", "Devolved panel of a local authority"
    ADULT = "adult", "Adult"
    CHILD = "child", "Child"
    NOT_SURE = "not_sure", "Might be a child"
    NOT_AVAILABLE = "not_available", "Not available here"
    HOUSED = "housed", "Safely housed now"
    NOT_HOUSED = "not_housed", "Not safely housed yet"
    ENQUIRY = "enquiry", "They are making enquiries"
    NO_ENQUIRY = "no_enquiry", "No enquiry will be made"
    SIGNED_FORM = "signed_form", "By a signed form"
    TOLD_US = "told_us", "Told to a First Responder, who notified the Home Office"
    SURVIVOR_ASKED = "survivor_asked", "The survivor asked for time"
    SAFEGUARDING_HOLD = "safeguarding_hold", "A manager holds, for safeguarding"
    ENTERED = "entered", "In the NRM, by us or by others, and the work here is done"
    DID_NOT_CONSENT = "did_not_consent", "Did not consent to an NRM referral"
    LEFT_BEFORE_ENTRY = "left_before_entry", "Left before entry: did not want to go on"
    OUT_OF_CONTACT = "out_of_contact", "Out of contact"
    MOVED_AWAY = "moved_away", "Moved away, or returned to another country"
    SUPPORTED_ELSEWHERE = "supported_elsewhere", "Passed to another organisation"
    NOT_MODERN_SLAVERY = "not_modern_slavery", "Not a potential victim of modern slavery"
    DIED = "died", "Died"
    RECORDED_TWICE = "recorded_twice", "Recorded twice, or opened by mistake"
    OTHER = "other", "Another reason"


CLOSE_REASONS = (
    Outcome.ENTERED,
    Outcome.DID_NOT_CONSENT,
    Outcome.LEFT_BEFORE_ENTRY,
    Outcome.OUT_OF_CONTACT,
    Outcome.MOVED_AWAY,
    Outcome.SUPPORTED_ELSEWHERE,
    Outcome.NOT_MODERN_SLAVERY,
    Outcome.DIED,
    Outcome.RECORDED_TWICE,
    Outcome.OTHER,
)
OUTCOMES_OF: dict[str, tuple[Outcome, ...]] = {
    EventCode.RG_DECISION: (Outcome.POSITIVE, Outcome.NEGATIVE),
    EventCode.CG_DECISION: (Outcome.POSITIVE, Outcome.NEGATIVE),
    EventCode.RECONSIDERATION_DECIDED: (Outcome.POSITIVE, Outcome.NEGATIVE),
    EventCode.ALLOCATED: (Outcome.SCA, Outcome.IECA, Outcome.DEVOLVED),
    EventCode.AGE_GROUP_CHANGED: (Outcome.ADULT, Outcome.CHILD, Outcome.NOT_SURE),
    EventCode.ICTG_REFERRED: (Outcome.NOT_AVAILABLE,),
    EventCode.EMERGENCY_SUPPORT_STARTED: (Outcome.HOUSED, Outcome.NOT_HOUSED),
    EventCode.ADULT_SAFEGUARDING_ANSWERED: (Outcome.ENQUIRY, Outcome.NO_ENQUIRY),
    EventCode.WITHDRAWN_FROM_NRM: (Outcome.SIGNED_FORM, Outcome.TOLD_US),
    EventCode.PAUSE_STARTED: (Outcome.SURVIVOR_ASKED, Outcome.SAFEGUARDING_HOLD),
    EventCode.CLOSED: CLOSE_REASONS,
}
CONSENT_CODES = (
    EventCode.CONSENT_RECORDED,
    EventCode.CONSENT_REFUSED,
    EventCode.CONSENT_WITHDRAWN,
    EventCode.CONSENT_UNDECIDED,
)
ANSWER_CODES = (
    EventCode.FRO_NO_RESPONSE,
    EventCode.FRO_DECLINED_CAPACITY,
    EventCode.FRO_DECLINED_SCOPE,
    EventCode.FRO_DECLINED_OTHER,
    EventCode.FRO_WAITLISTED,
    EventCode.FRO_ACCEPTED,
)
EVERY_DAYS = range(1, 57)  # how often, at most and at least, somebody may agree to be in touch
RISK_CODES = (EventCode.RISK_FLAG_ADDED, EventCode.RISK_FLAG_REMOVED)
PAUSE_CODES = (EventCode.PAUSE_STARTED, EventCode.PAUSE_ENDED)
