from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from nrm_tracker.ui.forms import GovukForm, RadioField
from organisations.models import Membership, Nation
from organisations.stages import OPEN, Stage
from referrals.forms.exporting import ExportForm
from referrals.forms.filters import MonthField, WorklistForm
from referrals.pages.listing import Chosen
from reporting.exports import INSIDE, OUTSIDE
from reporting.outcomes import usual_period
from reporting.periods import LONGEST, Period, usual

PERIOD = ("asked_since", "asked_until")
NARROWING = ("stage", "nation", "age", "severity", "risk", "caseworker")
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

    def months(self, *, now: datetime) -> tuple[str, str]:
        """The months (YYYY-MM) that were asked for, else the usual ones."""
        said = self.cleaned_data if self.is_valid() else {}
        since, until = usual_period(now=now)
        until = said.get("until") or max(until, said.get("since") or until)
        return said.get("since") or min(since, until), until


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
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Enter how many people in figures, 0.5 to 50, such as 2 or 1.5",
        ),
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


class FiguresForm(WorklistForm):
    """Those of the worklist's filters that do not choose people by how their wait ended. They mean
    the same as on the list, and a saved view of them is one of both."""

    submit_label = "Show"
    asked_since = MonthField(
        label="Asked for help from the month", help_text="For example, 2026-04.", required=False
    )
    asked_until = MonthField(label="To the month", required=False)

    def __init__(
        self, data: Mapping[str, str], *, membership: Membership, today: date, **kwargs: Any
    ) -> None:
        given = {name: data[name] for name in (*PERIOD, *NARROWING) if data.get(name)}
        super().__init__(given, membership=membership, **kwargs)
        self.today = today

    def layout(self) -> list[str]:
        return [*PERIOD, *NARROWING]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if (length := self.period(cleaned).length) < 1:
            self.add_error("asked_until", "Enter a month that is not before the first one")
        elif length > LONGEST:
            self.add_error("asked_until", f"Choose {LONGEST} months or fewer")
        return cleaned

    def period(self, said: Mapping[str, Any] | None = None) -> Period:
        """The months that were asked for; the usual ones where none were."""
        said = said or self.cleaned_data
        since, until = (said.get(name, "") for name in PERIOD)
        return usual(today=self.today, since=since, until=until)

    def chosen(self) -> Chosen:
        """What the list would be asked for, without the months."""
        return {**self.cleaned_data, **dict.fromkeys(PERIOD, ""), "state": "all"}

    def filters(self) -> dict[str, str]:
        """As the address has them, without the months."""
        return {name: text for name, text in self.kept().items() if name in NARROWING}

    def phrases(self) -> str:
        """ "England, at risk", or "everybody"."""
        said = self.cleaned_data
        found = [self.phrase(name, said[name]) for name in NARROWING if said[name]]
        return ", ".join(found) or "everybody"


class ExportFiguresForm(ExportForm):
    """For whom the file is says how much is in it."""

    whom = RadioField(
        label="Who will read it?",
        choices=[
            (OUTSIDE, "Somebody outside: small numbers are kept back"),
            (INSIDE, "Only people here: every number"),
        ],
        initial=OUTSIDE,
    )
    field_order = ("whom", "kind")
