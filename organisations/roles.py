"""Who may do what: the whole access matrix on one screen. `/roles/` shows it to everybody."""

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    CASEWORKER = "caseworker", "Caseworker"
    MANAGER = "manager", "Manager"
    DESIGNATION_ADMINISTRATOR = "designation_administrator", "Designation administrator"


class Permission(StrEnum):
    """What a view may ask for, each worded as the end of "may ..." in `PERMISSION_WORDS`."""

    VIEW_REFERRALS = "view_referrals"
    OPEN_REFERRAL = "open_referral"
    RECORD_WAIT_EVENT = "record_wait_event"
    CLOSE_REFERRAL = "close_referral"
    TAKE_UP_DELAY = "take_up_delay"
    PLAN_WORK = "plan_work"
    ARRANGE_COVER = "arrange_cover"
    IMPORT_REFERRALS = "import_referrals"
    SEE_IDENTITY = "see_identity"
    VIEW_TRAIL = "view_trail"
    VIEW_NOTICES = "view_notices"
    VIEW_DELAYS = "view_delays"
    VIEW_REGISTER = "view_register"
    MANAGE_REGISTER = "manage_register"


PERMISSION_WORDS: dict[Permission, str] = {
    Permission.VIEW_REFERRALS: "see the organisation's referrals",
    Permission.OPEN_REFERRAL: "log a new referral",
    Permission.RECORD_WAIT_EVENT: "record and correct what happened",
    Permission.CLOSE_REFERRAL: "close and reopen a referral",
    Permission.TAKE_UP_DELAY: "take up a delay: why, what is being done, when to look again",
    Permission.PLAN_WORK: "make tasks, change who the caseworker is, and cover for a colleague",
    Permission.ARRANGE_COVER: "arrange cover between two colleagues",
    Permission.IMPORT_REFERRALS: "import the organisation's waiting list",
    Permission.SEE_IDENTITY: "record who a person is and how contact is safe, and see it on asking",
    Permission.VIEW_TRAIL: "see who has looked at a referral",
    Permission.VIEW_NOTICES: "receive notices",
    Permission.VIEW_DELAYS: "see the organisation's delay dashboard",
    Permission.VIEW_REGISTER: "see the register of organisations",
    Permission.MANAGE_REGISTER: "record organisations, designations, suspensions and withdrawals",
}

_CASEWORK = frozenset(
    {
        Permission.VIEW_REFERRALS,
        Permission.OPEN_REFERRAL,
        Permission.RECORD_WAIT_EVENT,
        Permission.CLOSE_REFERRAL,
        Permission.TAKE_UP_DELAY,
        Permission.PLAN_WORK,
        Permission.IMPORT_REFERRALS,
        Permission.SEE_IDENTITY,
        Permission.VIEW_NOTICES,
        Permission.VIEW_REGISTER,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.MANAGER: _CASEWORK
    | {Permission.VIEW_DELAYS, Permission.VIEW_TRAIL, Permission.ARRANGE_COVER},
    Role.DESIGNATION_ADMINISTRATOR: frozenset(
        {Permission.VIEW_REGISTER, Permission.MANAGE_REGISTER}
    ),
}
CASEWORK_ROLES = tuple(
    role
    for role, permissions in ROLE_PERMISSIONS.items()
    if Permission.RECORD_WAIT_EVENT in permissions
)
