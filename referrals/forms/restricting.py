"""Who may see a restricted referral, and why somebody opened one without having been named."""

from typing import Any

from django import forms

from nrm_tracker.ui.forms import RadioField
from organisations.models import Membership
from referrals.forms.base import ActingForm, ReferralForm
from referrals.models import Restriction


class RestrictForm(ReferralForm):
    submit_label = "Restrict the referral"

    named = forms.TypedMultipleChoiceField(
        label="Who may see it?",
        help_text="Managers and the safeguarding lead learn that it exists, others nothing. Name a "
        "second person, for when you are away.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person who may see it"},
    )
    why = RadioField(
        label="Why?",
        choices=Restriction.Why.choices,
        error_messages={"required": "Choose why it is restricted"},
    )

    def __init__(
        self, *args: Any, staff: list[Membership], named: set[int], why: str, **kwargs: Any
    ) -> None:
        """`named` are ticked at first; `why` it is restricted already, which stays."""
        super().__init__(*args, **kwargs)
        field = self.fields["named"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (each.user_id, f"{each.user.name}, {each.get_role_display().lower()}")
                for each in staff
            ]
        field.initial = sorted(named)
        if why:
            del self.fields["why"]
            self.submit_label = "Save who may see it"
        self.known = why

    def reason(self) -> str:
        answer: str = self.known or self.cleaned_data["why"]
        return answer


class LiftForm(ReferralForm):
    submit_label = "Lift the restriction"
    warning = True


class EmergencyForm(ActingForm):
    submit_label = "Open it"
    warning = True

    reason = forms.CharField(
        label="Why must you see it now?",
        help_text="The safeguarding lead is told at once, with your name and these words. Do not "
        "say who the person is.",
        max_length=200,
        error_messages={"required": "Enter why you must see it now"},
    )
