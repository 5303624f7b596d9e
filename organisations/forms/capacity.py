"""How much room an organisation has: the weekly update, filled in with what was said last."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from crispy_forms_gds.layout import HTML, Div, Field, Fieldset, Size
from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField
from organisations.actions import Said
from organisations.capacity import (
    LONGEST_LANGUAGE,
    MOST_IN_A_LINE,
    MOST_SLOTS,
    Cause,
    Room,
    Slots,
)
from organisations.forms.base import RegisterForm
from organisations.models import Capacity, Nation
from organisations.scope import Takes

SPARE = 2  # empty lines to fill in
NUMBER = f"Enter how many interviews a week in figures, 1 to {MOST_IN_A_LINE}, or empty the line"
SLOTS_HINT = (
    '<p class="govuk-hint">How many interviews you can hold in a usual week. No language: any, '
    "with an interpreter. A line without a number is left out.</p>"
)


class CapacityForm(RegisterForm):
    """`stands` is what was said last, None where nothing was."""

    submit_label = "Save"

    state = RadioField(
        label="How much room do you have?",
        choices=[
            (Room.OPEN, "Open: you take people who ask"),
            (Room.LIMITED, "Limited: you take some"),
            (Room.PAUSED, "Paused: you take nobody new for now"),
        ],
        error_messages={"required": "Choose how much room you have"},
    )
    since = DateField(
        label="Since when?",
        what="since when it is so",
        past=True,
        required=False,
        help_text="Empty: since today or, if it was so before, since then.",
    )
    next_free_on = DateField(
        label="When is the next free appointment?",
        what="the day of the next free appointment",
        required=False,
        help_text="The first interview that somebody new can have. Empty: not known. While you "
        "are paused none is shown.",
    )
    cause = RadioField(
        label="Why is there less room?",
        help_text="Only where you are limited or paused.",
        choices=[*Cause.choices, ("", "There is no less room")],
        required=False,
    )
    until = DateField(
        label="When do you expect it to end?",
        what="when you expect it to end",
        required=False,
        help_text="Empty: not known.",
    )
    words = forms.CharField(
        label="A few words on why",
        help_text="Every organisation that uses this product reads them. On your organisation "
        "only: name nobody, and say nothing about anybody's health.",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, stands: Capacity | None, **kwargs: Any) -> None:
        self.stands = stands
        initial = _initial(stands) | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        for line in range(self._lines()):
            self.fields |= _line(line)

    def _lines(self) -> int:
        """As many as were sent; else those that stand and some to fill in."""
        if self.is_bound:
            sent = [line for line in range(MOST_SLOTS) if _name(line, "number") in self.data]
            return max(sent, default=-1) + 1
        return min(len(self.stands.weekly if self.stands else ()) + SPARE, MOST_SLOTS)

    def layout(self) -> Sequence[Any]:
        shown = [line for line in range(MOST_SLOTS) if _name(line, "number") in self.fields]
        return [
            Field.radios("state"),
            "next_free_on",
            Fieldset(
                HTML(SLOTS_HINT),
                *(_side_by_side(line) for line in shown),
                legend="Interviews a week",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                "since",
                Field.radios("cause", small=True),
                "until",
                "words",
                legend="Since when, and why",
                legend_size=Size.MEDIUM,
            ),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") in {Room.LIMITED, Room.PAUSED}:
            if "cause" not in self.errors and not cleaned.get("cause"):
                self.add_error("cause", "Choose why there is less room")
            until = cleaned.get("until")
            if until and until < self._since():
                self.add_error("until", "Enter an end that is not before the beginning")
        if "state" in cleaned:
            self._look_ahead("next_free_on", but_for=Room.PAUSED)
            self._look_ahead("until", but_for=Room.OPEN)
        return cleaned

    def _look_ahead(self, name: str, *, but_for: Room) -> None:
        day = self.cleaned_data.get(name)
        if day and day < self._today() and self.cleaned_data["state"] != but_for:
            self.add_error(name, "Enter today or a day that is still to come, or leave it empty")

    def _today(self) -> date:
        if self.now is None:
            raise TypeError("This form is made with the clock.")
        return london_date(self.now)

    def _since(self) -> date:
        """As said; else as before, where it is the same; else from today on."""
        said: date | None = self.cleaned_data.get("since")
        same = self.stands and self.stands.state == self.cleaned_data["state"]
        return said or (self.stands.since if same and self.stands else self._today())

    def said(self) -> Said:
        given = self.cleaned_data
        less, paused = given["state"] != Room.OPEN, given["state"] == Room.PAUSED
        return Said(
            state=given["state"],
            since=self._since(),
            until=given["until"] if less else None,
            cause=given["cause"] if less else "",
            words=given["words"].rstrip(" .") if less else "",
            weekly=tuple(self._slots()),
            next_free_on=None if paused else given["next_free_on"],
        )

    def _slots(self) -> Iterator[Slots]:
        for line in range(self._lines()):
            number = self.cleaned_data.get(_name(line, "number"))
            if number:
                yield Slots(
                    number=number,
                    cohort=self.cleaned_data[_name(line, "cohort")],
                    nation=self.cleaned_data[_name(line, "nation")],
                    language=self.cleaned_data[_name(line, "language")],
                )


class Language(forms.CharField):
    """Of one line only one language: it is compared with what a person speaks."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if "," in text or ";" in text or "/" in text:
            raise ValidationError("Enter one language, and the next one in another line")
        return text


def _line(line: int) -> dict[str, forms.Field]:
    fields = {
        "number": forms.IntegerField(
            label="Interviews",
            min_value=1,
            max_value=MOST_IN_A_LINE,
            required=False,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NUMBER),
        ),
        "cohort": forms.ChoiceField(label="For", choices=Takes.choices),
        "nation": forms.ChoiceField(
            label="In",
            choices=[("", "Anywhere"), *Nation.choices],
            required=False,
        ),
        "language": Language(label="Language", max_length=LONGEST_LANGUAGE, required=False),
    }
    return {_name(line, name): field for name, field in fields.items()}


def _side_by_side(line: int) -> Fieldset:
    return Fieldset(
        Div(
            Field.text(_name(line, "number"), field_width=3),
            *(_name(line, name) for name in ("cohort", "nation", "language")),
            css_class="app-side-by-side",
        ),
        legend=f"Line {line + 1}",
        legend_size=Size.SMALL,
    )


def _name(line: int, name: str) -> str:
    return f"slots_{line}_{name}"


def _initial(stands: Capacity | None) -> dict[str, Any]:
    """Filled in with what was said last, but for since when: that is kept without asking."""
    if stands is None:
        return {"version": 0}
    lines = {
        _name(line, name): value
        for line, each in enumerate(stands.weekly)
        for name, value in each.items()
    }
    names = ("state", "until", "cause", "words", "next_free_on", "version")
    return {name: getattr(stands, name) for name in names} | lines
