from typing import Any

from django import forms

from nrm_tracker.ui.forms import DateField, RadioField
from referrals.actions import HarmSaid
from referrals.forms.base import ReferralForm
from referrals.models import Harm

FACTS = (
    "Facts, not opinion: this can be disclosed in court. It is sealed; your safeguarding lead "
    "reads it."
)


class HarmForm(ReferralForm):
    submit_label = "Record it"

    kind = RadioField(
        label="What kind of harm?",
        choices=Harm.Kind.choices,
        error_messages={"required": "Choose the kind of harm"},
    )
    what = forms.CharField(
        label="What happened?",
        help_text=FACTS,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Write what happened"},
    )
    happened_on = DateField(label="When did it happen?", what="the day it happened", past=True)
    known_on = DateField(label="When did we know?", what="the day we knew of it", past=True)
    told = forms.MultipleChoiceField(
        label="Who has been told? (optional)",
        choices=Harm.Told.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    done = forms.CharField(
        label="What has been done? (optional)",
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def said(self) -> HarmSaid:
        names = ("kind", "what", "happened_on", "known_on", "done")
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return HarmSaid(told=tuple(self.cleaned_data["told"]), **given)


class DecideHarmForm(ReferralForm):
    submit_label = "Save the decision"

    decision = RadioField(
        label="What is decided?",
        choices=Harm.Decision.choices,
        error_messages={"required": "Choose what is decided"},
    )
    why = forms.CharField(
        label="Why, and by whom was it discussed?",
        help_text="Facts, not opinion: this can be disclosed in court.",
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write why"},
    )
