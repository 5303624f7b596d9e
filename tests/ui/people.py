"""Stand-ins for what the apps put on a request; the floor must not import the apps."""

from dataclasses import dataclass
from datetime import UTC, datetime

NOW = datetime(2026, 4, 18, 9, 12, tzinfo=UTC)
CASEWORK = frozenset({"record_wait_event", "view_referrals", "view_register", "view_notices"})


@dataclass(frozen=True)
class Person:
    name: str
    pk: int = 1
    is_authenticated: bool = True


@dataclass(frozen=True)
class Organisation:
    name: str


@dataclass(frozen=True)
class Member:
    user: Person
    organisation: Organisation
    organisation_id: int
    permissions: frozenset[str]

    def can(self, permission):
        return permission in self.permissions

    def get_role_display(self):
        return "Caseworker"


def member(organisation, *, number=1, permissions=CASEWORK):
    return Member(Person("Sam Rivers"), Organisation(organisation), number, permissions)
