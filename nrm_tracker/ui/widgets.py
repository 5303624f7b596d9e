"""The date input of the design system, with a time and "about then" where a form asks for them."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nrm_tracker.ui.moments import LONDON, When

PART = "govuk-input govuk-date-input__input"


def part(label: str, width: int, *, inputmode: str | None = "numeric") -> forms.TextInput:
    attrs = {"label": label, "class": f"{PART} govuk-input--width-{width}"}
    if inputmode:
        attrs["inputmode"] = inputmode
    return forms.TextInput(attrs)


class DateWidget(forms.MultiWidget):
    template_name = "ui/widgets/when.html"

    def __init__(self, extra: Sequence[forms.Widget] = ()) -> None:
        super().__init__([part("Day", 2), part("Month", 2), part("Year", 4), *extra])

    def decompress(self, value: Any) -> list[Any]:
        """The boxes of a date, or of nothing."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class WhenWidget(DateWidget):
    """Day, month, year, a time and, where `about`, a box for "about then"."""

    def __init__(self, *, about: bool) -> None:
        extra: list[forms.Widget] = [part("Time, if you know it", 5, inputmode=None)]
        if about:
            extra.append(forms.CheckboxInput({"label": "This is approximate"}))
        super().__init__(extra)
        self.about = about

    def decompress(self, value: Any) -> list[Any]:
        """The boxes of a `When`, or of nothing."""
        if not isinstance(value, When):
            return [None] * len(self.widgets)
        local = value.at.astimezone(LONDON)
        time = "" if value.precision == "day" else f"{local:%H:%M}"
        parts: list[Any] = [local.day, local.month, local.year, time]
        return [*parts, value.precision == "about"] if self.about else parts
