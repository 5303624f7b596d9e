"""What somebody says happened, or what was recorded: as far as it is judged before it is kept."""

from datetime import date, datetime
from typing import Protocol

NEW = 2**63  # the order of what is recorded now: after whatever stands at the same minute


class Said(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def outcome(self) -> str: ...
    @property
    def consent_type(self) -> str: ...
    @property
    def dated_on(self) -> date | None: ...
