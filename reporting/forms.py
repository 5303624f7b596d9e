from decimal import Decimal
from typing import Any

from django import forms

from nrm_tracker.ui.forms import GovukForm
from organisations.models import Membership, Nation
from organisations.stages import OPEN, Stage
from referrals.forms.filters import MonthField

AGES = [("", "Any age"), ("child", "Children, and those who might be"), ("adult", "Adults")]


class PeriodForm(GovukForm):
    """The months in which referrals were closed."""

    method = "get"
    submit_label = "Show"

    since = MonthField(label="From the month", help_text="For example, 2026-04.", required=False)
    until = MonthField(label="To the month", help_text="For example, 2026-09.", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Enter a month that is not before the first one")
        return cleaned


class FilterForm(GovukForm):
    """The dashboard's filters; they stay in the address and in every link to a list."""

    method = "get"
    submit_label = "Show"

    nation = forms.ChoiceField(
        label="Nation", required=False, choices=[("", "Any nation"), *Nation.choices]
    )
    age = forms.ChoiceField(label="Age", required=False, choices=AGES)
    caseworker = forms.ChoiceField(label="Responsible caseworker", required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.visible_to(membership).select_related("user")
        names = {str(m.user_id): m.user.name for m in colleagues}
        self.fields["caseworker"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            *sorted(names.items(), key=lambda item: item[1]),
        ]


MORE, FEWER = "more", "fewer"
BEGINS = [(0, "Now"), (4, "In 4 weeks"), (8, "In 8 weeks"), (12, "In 12 weeks")]
LASTS = [
    ("", "For good"),
    (2, "For 2 weeks"),
    (4, "For 4 weeks"),
    (8, "For 8 weeks"),
    (12, "For 12 weeks"),
]


class WhatIfForm(GovukForm):
    """More or fewer people seen each week, for how long."""

    submit_label = "Work it out"

    direction = forms.ChoiceField(
        label="What if you saw",
        widget=forms.RadioSelect,
        choices=[(MORE, "more people each week"), (FEWER, "fewer people each week")],
    )
    number = forms.DecimalField(
        label="How many more, or fewer, each week?",
        help_text="For example 2. Half a person, 0.5, is one every second week.",
        min_value=Decimal("0.5"),
        max_value=50,
        max_digits=3,
        decimal_places=1,
    )
    begins = forms.TypedChoiceField(label="From when?", choices=BEGINS, coerce=int)
    lasts = forms.TypedChoiceField(
        label="For how long?", choices=LASTS, coerce=int, empty_value=None, required=False
    )

    def more(self) -> float:
        number = float(self.cleaned_data["number"])
        return number if self.cleaned_data["direction"] == MORE else -number


class StageFilterForm(GovukForm):
    """Of which stage the applications are."""

    method = "get"
    submit_label = "Show"

    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=[
            ("", "Any"),
            *((value, label) for value, label in Stage.choices if value in OPEN | {Stage.APPROVED}),
        ],
    )
