"""Everything that changes an organisation or who acts for it."""

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
    "Facts",
    "OwnFacts",
    "add_member",
    "add_organisation",
    "add_oversight",
    "answer_question",
    "confirm_facts",
    "edit_organisation",
    "edit_own_organisation",
    "record_application",
    "record_designation",
    "record_training",
]
