"""What is asked of the calendar, and the days on which an office is closed."""

from datetime import date
from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, GovukForm
from organisations.models import Nation

FIRST_YEAR, LAST_YEAR = 2000, 2100  # the years whose bank holidays are known
MOST = 260  # working days: about a year
MOST_CLOSED = 366  # days


class YearForm(GovukForm):
    """Which year of which nation."""

    method = "get"
    submit_label = "Show"

    nation = forms.ChoiceField(label="Nation", choices=Nation.choices)
    year = forms.IntegerField(
        label="Year",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "min_value": f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}",
            "max_value": f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}",
        },
    )


class CountForm(GovukForm):
    """When is n working days from a day?"""

    method = "get"
    submit_label = "Count"

    n = forms.IntegerField(
        label="How many working days?",
        min_value=1,
        max_value=MOST,
        error_messages={
            "min_value": "Enter 1 or more working days",
            "max_value": f"Enter {MOST} working days or fewer",
        },
    )
    start = DateField(label="From which day?", what="the day from which to count")
    where = forms.ChoiceField(label="In which nation?", choices=Nation.choices)

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not FIRST_YEAR <= start.year < LAST_YEAR:
            raise forms.ValidationError(f"Enter a day from {FIRST_YEAR} to {LAST_YEAR - 1}")
        return start


class ClosureForm(GovukForm):
    """From which day to which an office is closed."""

    submit_label = "Save"

    first_on = DateField(label="Closed from", what="the first day on which you are closed")
    last_on = DateField(
        label="Until and including",
        what="the last day on which you are closed",
        help_text="For one day, leave this empty.",
        required=False,
    )
    why = forms.CharField(
        label="Why?",
        help_text="Everybody who sees your hours sees this: name no person. "
        "For example: Christmas closure.",
        max_length=200,
        error_messages={"required": "Enter why the office is closed"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first = cleaned.get("first_on")
        if first is None or "last_on" not in cleaned:
            return cleaned
        last = cleaned["last_on"] = cleaned["last_on"] or first
        if last < first:
            self.add_error("last_on", "Enter a last day on or after the first")
        elif (last - first).days >= MOST_CLOSED:
            self.add_error("last_on", "Enter a year or less at a time")
        return cleaned
