"""Addresses of the lists behind figures."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from nrm_tracker.ui.charts import Bar
from reporting.periods import Period
from reporting.tables import Line


class Link:
    """To the list of those that a figure counts, within the filters of the page."""

    def __init__(self, filters: dict[str, str], period: Period | None) -> None:
        months = {"asked_since": period.since, "asked_until": period.until} if period else {}
        self.kept = {**filters, "state": "all", **months}

    def __call__(self, code: str = "", **more: str) -> str:
        counted = {"counted": code} if code else {}
        return f"{reverse('referrals')}?{urlencode({**self.kept, **more, **counted})}"


def bars(lines: Iterable[Line], column: int = 0) -> tuple[Bar, ...]:
    return tuple(
        Bar(line.label, line.figures[column].value or 0, line.figures[column].url) for line in lines
    )
