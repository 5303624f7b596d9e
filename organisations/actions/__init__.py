"""Everything that changes an organisation or who acts for it."""

from organisations.actions.calendar import (
    Compared,
    add_rest_day,
    assessed_again,
    learn_rest_days,
    withdraw_rest_day,
)
from organisations.actions.closing import close_office, withdraw_closure
from organisations.actions.members import add_member, record_training
from organisations.actions.register import (
    Facts,
    OwnFacts,
    add_organisation,
    add_oversight,
    answer_question,
    confirm_facts,
    edit_organisation,
    edit_own_organisation,
    record_application,
    record_designation,
)

__all__ = [
    "Compared",
    "Facts",
    "OwnFacts",
    "add_member",
    "add_organisation",
    "add_oversight",
    "add_rest_day",
    "answer_question",
    "assessed_again",
    "close_office",
    "confirm_facts",
    "edit_organisation",
    "edit_own_organisation",
    "learn_rest_days",
    "record_application",
    "record_designation",
    "record_training",
    "withdraw_closure",
    "withdraw_rest_day",
]
