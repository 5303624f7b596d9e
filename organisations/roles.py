"""Who may do what: the whole access matrix on one screen. `/roles/` shows it to everybody."""

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    CASEWORKER = "caseworker", "Caseworker"
    MANAGER = "manager", "Manager"
    SAFEGUARDING_LEAD = "safeguarding_lead", "Safeguarding lead"
    DESIGNATION_ADMINISTRATOR = "designation_administrator", "Designation administrator"


class Permission(StrEnum):
    """What a view may ask for, each worded as the end of "may ..." in `PERMISSION_WORDS`."""

    VIEW_REFERRALS = "view_referrals"
    OPEN_REFERRAL = "open_referral"
    RECORD_WAIT_EVENT = "record_wait_event"
    CLOSE_REFERRAL = "close_referral"
    HAND_OVER = "hand_over"
    TAKE_UP_DELAY = "take_up_delay"
    PLAN_WORK = "plan_work"
    ARRANGE_COVER = "arrange_cover"
    IMPORT_REFERRALS = "import_referrals"
    EXPORT_REFERRALS = "export_referrals"
    SEE_IDENTITY = "see_identity"
    ISSUE_PROOF = "issue_proof"
    RECORD_HARM = "record_harm"
    READ_HARM = "read_harm"
    HOLD_REFERRAL = "hold_referral"
    RESTRICT_REFERRAL = "restrict_referral"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    END_EMERGENCY = "end_emergency"
    VIEW_TRAIL = "view_trail"
    VIEW_NOTICES = "view_notices"
    VIEW_DELAYS = "view_delays"
    MANAGE_ORGANISATION = "manage_organisation"
    KEEP_TRAINING = "keep_training"
    KEEP_COST = "keep_cost"
    VIEW_MEMBERS = "view_members"
    MANAGE_MEMBERS = "manage_members"
    VIEW_APPLICATION = "view_application"
    KEEP_APPLICATION = "keep_application"
    VIEW_REGISTER = "view_register"
    MANAGE_REGISTER = "manage_register"
    KEEP_CALENDAR = "keep_calendar"
    VIEW_OPERATION = "view_operation"
    CHANGE_THRESHOLDS = "change_thresholds"


PERMISSION_WORDS: dict[Permission, str] = {
    Permission.VIEW_REFERRALS: "see the organisation's referrals",
    Permission.OPEN_REFERRAL: "log a new referral",
    Permission.RECORD_WAIT_EVENT: "record and correct what happened",
    Permission.CLOSE_REFERRAL: "close and reopen a referral",
    Permission.HAND_OVER: "ask another organisation to take a referral, and answer such requests",
    Permission.TAKE_UP_DELAY: "take up a delay: why, what is being done, when to look again",
    Permission.PLAN_WORK: "make tasks, change who the caseworker is, and cover for a colleague",
    Permission.ARRANGE_COVER: "arrange cover between two colleagues",
    Permission.IMPORT_REFERRALS: "import the organisation's waiting list",
    Permission.EXPORT_REFERRALS: "export the organisation's list, without who anybody is",
    Permission.SEE_IDENTITY: "record who a person is and how contact is safe, and see it on asking",
    Permission.ISSUE_PROOF: "issue a proof of wait, with the person's consent, and withdraw it",
    Permission.RECORD_HARM: "record harm that came to a person, and see their own entries",
    Permission.READ_HARM: "see all harm recorded, and decide on a report to the regulator",
    Permission.HOLD_REFERRAL: "hold a person's waits for safeguarding, and let them go on",
    Permission.RESTRICT_REFERRAL: "restrict a referral to named staff, and lift that again",
    Permission.OPEN_IN_EMERGENCY: "see that a referral is restricted, and open it in an emergency",
    Permission.END_EMERGENCY: "end an access that was opened in an emergency",
    Permission.VIEW_TRAIL: "see who has looked at a referral",
    Permission.VIEW_NOTICES: "receive notices",
    Permission.VIEW_DELAYS: "see the organisation's delay dashboard",
    Permission.MANAGE_ORGANISATION: (
        "say when the organisation is open, who is on call, and how much room it has"
    ),
    Permission.KEEP_TRAINING: "say who is a First Responder here, and record their training",
    Permission.KEEP_COST: "see what the role costs the organisation, and say what an hour costs",
    Permission.VIEW_MEMBERS: "see who acts for the organisation, and in which role",
    Permission.MANAGE_MEMBERS: "invite colleagues, change their roles, and end their membership",
    Permission.VIEW_APPLICATION: "see where the organisation's application to become an FRO stands",
    Permission.KEEP_APPLICATION: "record what the organisation did in its application, and write "
    "to whoever keeps the register",
    Permission.VIEW_REGISTER: "see the register of organisations",
    Permission.VIEW_OPERATION: "see whether the product is fit for real use",
    Permission.MANAGE_REGISTER: "record organisations, designations, suspensions and withdrawals",
    Permission.KEEP_CALENDAR: "add a bank holiday, and withdraw a mistaken one",
    Permission.CHANGE_THRESHOLDS: "draft a change of a threshold, and approve a colleague's",
}

_CASEWORK = frozenset(
    {
        Permission.VIEW_REFERRALS,
        Permission.OPEN_REFERRAL,
        Permission.RECORD_WAIT_EVENT,
        Permission.CLOSE_REFERRAL,
        Permission.HAND_OVER,
        Permission.TAKE_UP_DELAY,
        Permission.PLAN_WORK,
        Permission.IMPORT_REFERRALS,
        Permission.SEE_IDENTITY,
        Permission.ISSUE_PROOF,
        Permission.RECORD_HARM,
        Permission.RESTRICT_REFERRAL,
        Permission.VIEW_NOTICES,
        Permission.VIEW_MEMBERS,
        Permission.VIEW_APPLICATION,
        Permission.VIEW_REGISTER,
    }
)

_MANAGEMENT = _CASEWORK | {
    Permission.EXPORT_REFERRALS,
    Permission.HOLD_REFERRAL,
    Permission.OPEN_IN_EMERGENCY,
    Permission.VIEW_TRAIL,
    Permission.VIEW_DELAYS,
    Permission.MANAGE_ORGANISATION,
    Permission.KEEP_TRAINING,
    Permission.KEEP_COST,
    Permission.KEEP_APPLICATION,
    Permission.ARRANGE_COVER,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.MANAGER: _MANAGEMENT | {Permission.MANAGE_MEMBERS},
    Role.SAFEGUARDING_LEAD: _MANAGEMENT | {Permission.END_EMERGENCY, Permission.READ_HARM},
    Role.DESIGNATION_ADMINISTRATOR: frozenset(
        {
            Permission.VIEW_MEMBERS,
            Permission.MANAGE_MEMBERS,
            Permission.VIEW_REGISTER,
            Permission.MANAGE_REGISTER,
            Permission.KEEP_CALENDAR,
            Permission.VIEW_OPERATION,
            Permission.CHANGE_THRESHOLDS,
        }
    ),
}
CASEWORK_ROLES = tuple(
    role
    for role, permissions in ROLE_PERMISSIONS.items()
    if Permission.RECORD_WAIT_EVENT in permissions
)
OVERSIGHT_ROLES = (Role.DESIGNATION_ADMINISTRATOR,)


def roles_at(*, oversight: bool) -> tuple[Role, ...]:
    """Those that somebody may have in an organisation: nobody keeps the register elsewhere."""
    return OVERSIGHT_ROLES if oversight else CASEWORK_ROLES
