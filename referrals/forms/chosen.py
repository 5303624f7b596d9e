"""What is done with many at once, each on the version on which it was chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.catalogue import Precision
from referrals.forms.base import KeyedForm, in_words
from referrals.forms.colleagues import CaseworkerField
from referrals.models import Referral, TakenUp

MOST_CHOSEN = 50
ANEW = {"versions", "confirmed", "again", "csrfmiddlewaretoken"}
CONTACT, SHARE_OUT, TAKE_UP = "contact", "share_out", "take_up"


class ManyForm(KeyedForm):
    """One answer for many referrals. Sent once it shows for whom it can be done; sent again,
    `confirmed`, with the `versions` of those, it does it."""

    submit_label = "Look at what this does"

    versions = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    confirmed = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, chosen: Sequence[Referral], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = {referral.reference: referral for referral in chosen}
        self.fields["versions"].initial = versions_of(chosen)

    def layout(self) -> list[str]:
        return [name for name in self.fields if name != "confirmed"]

    def clean_versions(self) -> dict[int, int]:
        """By the ids of the referrals; as they stood when they were chosen."""
        given = dict(read_chosen(self.cleaned_data["versions"].split(",")))
        if not given or not set(given) <= set(self.chosen):
            raise ValidationError("The list has changed. Choose them again from the list.")
        return {self.chosen[reference].pk: version for reference, version in given.items()}

    def sent_again(self, able: Sequence[Referral]) -> list[tuple[str, str]]:
        """What was sent, to be sent once more for these, as they are now."""
        sent = cast(QueryDict, self.data).lists()
        kept = [(name, each) for name, values in sent if name not in ANEW for each in values]
        return [*kept, ("versions", versions_of(able))]


class ChosenForm(ManyForm):
    do = RadioField(
        label="What do you want to do?",
        choices=[
            (CONTACT, "Record that I spoke with each of them"),
            (SHARE_OUT, "Give them another caseworker"),
            (TAKE_UP, "Take up a delay that they have in common"),
        ],
        error_messages={"required": "Choose what to do"},
    )
    happened_at = WhenField(
        label="If you spoke with them: when?",
        what="when you spoke with them",
        help_text="Leave this empty if it was just now. A time alone means today.",
        about=True,
        today=True,
        precision="precision",
        required=False,
    )
    caseworker = CaseworkerField(label="If they get another caseworker: who?", required=False)

    field_order = ["do", "happened_at", "caseworker"]

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("do") == SHARE_OUT and not cleaned.get("caseworker"):
            self.add_error("caseworker", "Choose the caseworker")
        return cleaned

    def moment(self) -> tuple[datetime, str]:
        if self.cleaned_data["happened_at"]:
            return self.cleaned_data["happened_at"], self.cleaned_data["precision"]
        if self.now is None:
            raise TypeError("ChosenForm needs now=...")
        return self.now, Precision.EXACT

    def in_words(self) -> str:
        if self.cleaned_data["do"] == CONTACT:
            return f"You spoke with each of them, {exact(self.moment()[0])}."
        name = in_words(self.fields["caseworker"], self.cleaned_data["caseworker"])
        return f"Their caseworker becomes {name}. Open tasks of the former one go along."


class TakeUpChosenForm(ManyForm):
    """One kind of delay, of which many people have one each."""

    rule = RadioField(
        label="Which delay?", error_messages={"required": "Choose which delay you take up"}
    )
    reason = RadioField(
        label="Why does it take so long?",
        choices=TakenUp.Reason.choices,
        error_messages={"required": "Choose why it takes so long"},
    )
    doing = forms.CharField(
        label="What is being done?",
        help_text="It is recorded for each of them. Facts, not opinion: this can be disclosed in "
        "court. No names or numbers.",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter what is being done"},
    )
    review_on = DateField(label="When will you look again?", what="the date to look again")

    answered = ("rule", "reason", "doing", "review_on")
    field_order = answered

    def __init__(self, *args: Any, rules: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(RadioField, self.fields["rule"]).choices = rules

    def in_words(self) -> str:
        said = {
            name: in_words(self.fields[name], self.cleaned_data[name]) for name in self.answered
        }
        rule = said["rule"].rpartition(" (")[0]  # without how many have it
        return (
            f"You take up “{rule}”, because: {said['reason']}. What is being done: "
            f"“{said['doing']}” You look again on {said['review_on']}."
        )


def versions_of(referrals: Sequence[Referral]) -> str:
    return ",".join(f"{each.reference}:{each.version}" for each in referrals)


def read_chosen(texts: Sequence[str]) -> list[tuple[str, int]]:
    """References with the version each was seen on, from "R-2222-2222:3"; others left out."""
    parts = (text.partition(":") for text in texts)
    return [
        (reference, int(version))
        for reference, _, version in parts
        if reference and version.isascii() and version.isdigit() and len(version) < 10
    ]
