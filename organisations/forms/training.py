"""Trainings, the modules that they are of, and what happens where somebody has none."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, GovukForm, RadioField, YesNo
from organisations.models import ResponderPolicy, Training, TrainingModule
from organisations.models.training import A_YEAR

LONGEST = 3660  # days: ten years


class TrainingForm(GovukForm):
    """Whether a colleague acts as a First Responder, and a training that they completed."""

    submit_label = "Save"

    first_responder_since = DateField(
        label="Since when may they act as a First Responder here?",
        help_text="Leave it empty where they may not.",
        what="the day since which they may",
        past=True,
        required=False,
    )
    trained_on = DateField(
        label="When did they complete a training that is not recorded yet?",
        help_text="Leave it empty where there is none to add.",
        what="the day on which they completed it",
        past=True,
        required=False,
    )
    module = forms.ChoiceField(label="Which training was it?", required=False)
    certificate = forms.CharField(
        label="Number of the certificate (optional)", max_length=100, required=False
    )

    def __init__(self, *args: Any, modules: Sequence[TrainingModule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = {str(module.pk): module for module in modules}
        choices = [("", "Choose one"), *((pk, str(m)) for pk, m in self.modules.items())]
        self.fields["module"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["module"] = self.modules.get(cleaned.get("module", ""))
        if "trained_on" not in cleaned:
            return cleaned
        if cleaned["trained_on"] and not cleaned["module"]:
            self.add_error("module", "Choose which training it was")
        if cleaned.get("module") and not cleaned["trained_on"]:
            self.add_error("trained_on", "Enter the day on which they completed it")
        return cleaned


class WithdrawTrainingForm(GovukForm):
    submit_label = "Withdraw it"
    warning = True

    why = RadioField(label="Why does it not stand?", choices=Training.Why.choices)


class ModuleForm(GovukForm):
    """What must be completed, and for how long it counts."""

    submit_label = "Save"

    name = forms.CharField(label="What is it called?", max_length=200)
    publisher = forms.CharField(
        label="Who publishes it? (optional)", max_length=200, required=False
    )
    source = forms.URLField(
        label="Where can it be found? (optional)",
        help_text="A link that begins with https://.",
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    checked_on = DateField(
        label="When was that last looked at? (optional)",
        what="the day on which the source was looked at",
        past=True,
        required=False,
    )
    good_for_days = forms.IntegerField(
        label="For how many days does it count?",
        help_text=f"Usually {A_YEAR}, as the threshold for training says.",
        min_value=1,
        max_value=LONGEST,
        initial=A_YEAR,
        error_messages={
            "min_value": f"Enter a number of days from 1 to {LONGEST}",
            "max_value": f"Enter a number of days from 1 to {LONGEST}",
        },
    )
    required = YesNo(
        label="Must every First Responder have completed it?",
        help_text="Whoever has not may then not act.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["required"] = cleaned.get("required") == "yes"
        return cleaned


class PolicyForm(GovukForm):
    submit_label = "Save"

    policy = RadioField(
        label="When somebody who may not act as a First Responder records an interview or an NRM "
        "referral submitted",
        choices=ResponderPolicy.Policy.choices,
    )
