"""Spans of whole months, as YYYY-MM, both ends among them. PURE."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

USUAL = 12
LONGEST = 60  # months on one page


@dataclass(frozen=True, slots=True)
class Period:
    since: str
    until: str

    @property
    def length(self) -> int:
        return _number(self.until) - _number(self.since) + 1

    @property
    def before(self) -> "Period":
        """As many months, right before."""
        first = _number(self.since)
        return Period(_month(first - self.length), _month(first - 1))

    def months(self) -> Iterator[str]:
        return (_month(n) for n in range(_number(self.since), _number(self.until) + 1))

    @property
    def in_words(self) -> str:
        if self.since == self.until:
            return f"in {month_in_words(self.since)}"
        return f"from {month_in_words(self.since)} to {month_in_words(self.until)}"


def usual(*, today: date, since: str = "", until: str = "") -> Period:
    """The last twelve months, this one among them; or as many beside the end that is given."""
    until = until or max(f"{today:%Y-%m}", since)
    return Period(since or _month(_number(until) - USUAL + 1), until)


def month_in_words(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def _month(number: int) -> str:
    year, month = divmod(number, 12)
    return f"{year:04d}-{month + 1:02d}"
