"""Everything that changes an organisation or who acts for it."""

from organisations.actions.members import add_member
from organisations.actions.register import (
    Facts,
    add_organisation,
    add_oversight,
    answer_question,
    confirm_facts,
    edit_organisation,
    record_application,
    record_designation,
)

__all__ = [
    "Facts",
    "add_member",
    "add_organisation",
    "add_oversight",
    "answer_question",
    "confirm_facts",
    "edit_organisation",
    "record_application",
    "record_designation",
]
