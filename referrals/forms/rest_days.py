"""A bank holiday for which the library has no row yet, and the withdrawal of a mistaken one."""

from datetime import date

from django import forms

from nrm_tracker.ui.forms import DateField, GovukForm
from organisations.forms.calendar import FIRST_YEAR, LAST_YEAR
from organisations.models import Nation


class EvidenceForm(GovukForm):
    """How a change of the calendar is known, and since when."""

    source = forms.CharField(
        label="Evidence",
        help_text="A link to the announcement, or what the document is and who holds it. "
        "Everybody can read this.",
        max_length=500,
        error_messages={"required": "Enter where the announcement can be seen"},
    )
    known_from = DateField(
        label="When was it announced?", what="the day of the announcement", past=True
    )


class RestDayForm(EvidenceForm):
    """A day that becomes a bank holiday."""

    day = DateField(label="Which day is it?", what="the day")
    name = forms.CharField(
        label="What is it called?",
        help_text="As the announcement calls it.",
        max_length=100,
        error_messages={"required": "Enter what the day is called"},
    )
    nations = forms.MultipleChoiceField(
        label="In which nations?",
        choices=Nation.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one nation"},
    )
    field_order = ["day", "name", "nations", "source", "known_from"]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(f"Enter a day from {FIRST_YEAR} to {LAST_YEAR}")
        return day


class WithdrawalForm(EvidenceForm):
    submit_label = "Withdraw this bank holiday"
    warning = True
