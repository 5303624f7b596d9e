"""What was spent on a referral, and what an hour costs."""

from decimal import Decimal
from typing import Any

from django import forms

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, GovukForm, RadioField
from referrals.actions import Spent
from referrals.forms.base import ActingForm, KeyedForm
from referrals.models import Effort, EffortKind, Referral
from referrals.models.effort import A_DAY, MOST

TAPS = (15, 30, 60, 90)  # minutes
TOO_MUCH = f"Enter an amount up to {MOST // 100:,} pounds"
TOO_LONG = f"Enter a number of minutes from 1 to {A_DAY}"


class PoundsField(forms.DecimalField):
    """An amount in pounds, cleaned to whole pence."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = {
            "invalid": "Enter an amount in pounds, such as 12.50",
            "min_value": "Enter an amount in pounds, such as 12.50",
            "max_value": TOO_MUCH,
            "max_decimal_places": "Enter an amount in whole pence, such as 12.50",
        }
        super().__init__(
            min_value=0,
            max_value=Decimal(MOST) / 100,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
            error_messages=wrong,
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        text = value.strip().removeprefix("£").replace(",", "") if value else value
        amount: Decimal | None = super().clean(text)
        return None if amount is None else int(amount * 100)


class EffortForm(KeyedForm):
    """A tap on one of the buttons says the minutes; else they are typed."""

    submit_label = "Log it"

    kind = RadioField(
        label="What was it for?",
        choices=EffortKind.choices,
        error_messages={"required": "Choose what it was for"},
    )
    tap = forms.IntegerField(widget=forms.HiddenInput, required=False)
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=0,
        max_value=A_DAY,
        required=False,
        error_messages={"min_value": TOO_LONG, "max_value": TOO_LONG},
    )
    pence = PoundsField(
        label="Expenses in pounds (optional)",
        help_text="What was paid, such as a fare or an interpreter’s invoice. For example, 12.50.",
        required=False,
    )
    day = DateField(
        label="On which day?",
        help_text="Leave it empty for today.",
        what="the day",
        past=True,
        required=False,
    )

    def __init__(self, *args: Any, referral: Referral, key: object = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        if key:
            self.fields["key"].initial = key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("minutes") is None and "minutes" not in self.errors:
            cleaned["minutes"] = cleaned.get("tap")
        minutes, pence = cleaned.get("minutes") or 0, cleaned.get("pence") or 0
        if not 0 <= minutes <= A_DAY:
            self.add_error("minutes", TOO_LONG)
        elif not minutes and not pence and not {"minutes", "pence"} & set(self.errors):
            self.add_error("minutes", "Enter the minutes, or what was paid")
        return cleaned

    def spent(self) -> Spent:
        said = self.cleaned_data
        if self.now is None:
            raise TypeError("It is logged at an instant: EffortForm(now=...)")
        return Spent(
            kind=said["kind"],
            day=said["day"] or london_date(self.now),
            minutes=said["minutes"] or 0,
            pence=said["pence"] or 0,
        )


class WithdrawEffortForm(ActingForm):
    submit_label = "Take it back"
    warning = True

    why = RadioField(label="What is wrong with it?", choices=Effort.Why.choices)


class RateForm(GovukForm):
    """What an hour costs from a day on."""

    submit_label = "Save"

    kind = RadioField(
        label="Of which kind of work?",
        choices=[("", "Every kind that has no rate of its own"), *EffortKind.choices],
        required=False,
    )
    pence_an_hour = PoundsField(
        label="What does an hour cost, in pounds?",
        help_text="Your own figure: say elsewhere what is in it, such as pay and on-costs.",
    )
    valid_from = DateField(label="From which day on?", what="the day from which it holds")
