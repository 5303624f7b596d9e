"""Ask another organisation to take a referral, and answer one that asks."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nrm_tracker.ui.forms import RadioField
from organisations.models import Organisation
from referrals.forms.base import ActingForm, OwnForm, ReferralForm
from referrals.models import HandOver

INTEREST, ACCEPT = "interest", "accept"
Reason = HandOver.Reason
DECLINES = (
    (Reason.CAPACITY.value, "No, we have no room now"),
    (Reason.SCOPE.value, "No, this is outside what we take"),
    (Reason.LANGUAGE.value, "No, we have no interpreter or worker for them"),
    (Reason.OTHER.value, "No, for another reason"),
)
READING = (
    ("", "No, or nobody asked them"),
    ("28", "Yes, for 28 days"),
    ("56", "Yes, for 56 days"),
    ("90", "Yes, for 90 days, which is the most"),
)


class AskForm(ReferralForm):
    submit_label = "Ask them"

    organisations = forms.TypedMultipleChoiceField(
        label="Which organisation do you ask?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the organisation to ask"},
    )
    several_agreed = forms.BooleanField(
        label="The person agreed that several are asked at once, not one after the other",
        required=False,
    )

    read_on_days = RadioField(
        label="Do they agree that you go on reading what happens, once it is handed over?",
        choices=READING,
        initial="",
        required=False,
        help_text="Ask them. You would read what was recorded and what is late, not who they are "
        "and no words; each reading is noted there. It can be ended at any time.",
    )

    def __init__(self, *args: Any, possible: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.referral.restricted:
            del self.fields["read_on_days"]  # nobody reads on what is restricted
        self.possible = {each.pk: each for each in possible}
        field = self.fields["organisations"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (each.pk, f"{each}: {each.takes}" if each.takes else str(each)) for each in possible
            ]

    def days(self) -> int | None:
        """How long they agreed to be read on about."""
        said = self.cleaned_data.get("read_on_days")
        return int(said) if said else None

    def chosen(self) -> list[Organisation]:
        return [self.possible[pk] for pk in self.cleaned_data["organisations"]]


class AnswerForm(ActingForm, OwnForm):
    submit_label = "Answer"

    answer = RadioField(
        label="What do you answer?",
        error_messages={"required": "Choose what you answer"},
    )

    def __init__(self, *args: Any, interested: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        if isinstance(field, forms.ChoiceField):
            first = [] if interested else [(INTEREST, "We are interested: show us the language")]
            accept = (ACCEPT, "Yes, we take the referral: you become its caseworker")
            field.choices = [*first, accept, *DECLINES]
