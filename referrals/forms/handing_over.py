"""Ask another organisation to take a referral, and answer one that asks."""

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.choices import Choice
from django import forms

from nrm_tracker.ui.forms import GovukForm, RadioField
from nrm_tracker.ui.words import apart
from organisations.models import Organisation
from organisations.scope import Exploitation, Gender
from referrals.candidates import Candidate
from referrals.forms.base import ActingForm, OwnForm, ReferralForm
from referrals.models import HandOver
from referrals.needs import Sought

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


class LookForm(GovukForm):
    """For one look at whom to ask: what the record of a person does not say, and does not keep."""

    submit_label = "Look again"
    secondary = True

    gender = forms.ChoiceField(
        label="Woman or man", required=False, choices=[("", "Not said"), *Gender.choices]
    )
    exploitation = forms.ChoiceField(
        label="Exploitation", required=False, choices=[("", "Not said"), *Exploitation.choices]
    )

    def sought(self) -> Sought:
        if not self.is_valid():
            return Sought()
        said = self.cleaned_data
        return Sought(gender=said["gender"], exploitation=said["exploitation"])


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

    def __init__(self, *args: Any, possible: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.referral.restricted:
            del self.fields["read_on_days"]  # nobody reads on what is restricted
        self.possible = {each.organisation.pk: each.organisation for each in possible}
        field = self.fields["organisations"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                Choice(each.organisation.pk, str(each.organisation), hint=_why(each))
                for each in possible
            ]

    def days(self) -> int | None:
        """How long they agreed to be read on about."""
        said = self.cleaned_data.get("read_on_days")
        return int(said) if said else None

    def chosen(self) -> list[Organisation]:
        return [self.possible[pk] for pk in self.cleaned_data["organisations"]]


def _why(candidate: Candidate) -> str:
    """Why it stands where it stands, how old that is, and whom it takes in its own words."""
    stale = f"{candidate.stale}." if candidate.stale else ""
    takes = candidate.organisation.takes
    words = f"In its words: {apart(takes)}." if takes else ""
    return " ".join(part for part in (stale, candidate.why_here, words) if part)


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
