"""Who is responsible, what is done with many at once, and cover."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField, RadioField, WhenField
from organisations.models import Membership
from organisations.roles import Permission
from referrals.catalogue import Precision
from referrals.forms.base import KeyedForm, ReferralForm
from referrals.forms.colleagues import CaseworkerField
from referrals.models import Referral

MOST_CHOSEN = 100
CONTACT, SHARE_OUT = "contact", "share_out"


class CaseworkerForm(ReferralForm):
    submit_label = "Change the caseworker"

    caseworker = CaseworkerField(
        label="Who is the caseworker from now on?",
        help_text="They see it on their page Today. Open tasks of the former one go along.",
        error_messages={"required": "Choose the caseworker"},
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")


class ChosenForm(KeyedForm):
    """Do one thing with many referrals, each on the version on which it was chosen."""

    submit_label = "Do this with all of them"

    do = RadioField(
        label="What do you want to record?",
        choices=[
            (CONTACT, "I spoke with each of them"),
            (SHARE_OUT, "They get another caseworker"),
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
    versions = forms.CharField(widget=forms.HiddenInput, max_length=4000)

    def __init__(
        self,
        *args: Any,
        membership: Membership,
        chosen: Sequence[Referral],
        versions: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(CaseworkerField, self.fields["caseworker"])
        field.offer(membership, empty="Choose a person")
        self.chosen = {referral.reference: referral for referral in chosen}
        self.fields["versions"].initial = versions

    def clean_versions(self) -> dict[int, int]:
        """By the ids of the referrals; as they stood when they were chosen."""
        given = dict(read_chosen(self.cleaned_data["versions"].split(",")))
        if set(given) != set(self.chosen):
            raise ValidationError("The list has changed. Choose them again from the list.")
        return {self.chosen[reference].pk: version for reference, version in given.items()}

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

    def open_anew(self) -> None:
        """The same answers on the referrals as they now are: pressing again sends them."""
        sent = cast(QueryDict, self.data).copy()
        sent["versions"] = ",".join(f"{each}:{r.version}" for each, r in self.chosen.items())
        self.data = sent


def read_chosen(texts: Sequence[str]) -> list[tuple[str, int]]:
    """References with the version each was seen on, from "R-2222-2222:3"; others left out."""
    parts = (text.partition(":") for text in texts)
    return [
        (reference, int(version))
        for reference, _, version in parts
        if reference and version.isascii() and version.isdigit() and len(version) < 10
    ]


class CoverForm(KeyedForm):
    submit_label = "Arrange the cover"

    away = CaseworkerField(label="Who is away?", error_messages={"required": "Choose who is away"})
    covered_by = CaseworkerField(
        label="Who covers?", error_messages={"required": "Choose who covers"}
    )
    first_on = DateField(label="First day away", what="the first day away")
    last_on = DateField(label="Last day away", what="the last day away")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("away", "covered_by"):
            field = cast(CaseworkerField, self.fields[name])
            field.offer(membership, empty="Choose a person")
        if not membership.can(Permission.ARRANGE_COVER):
            self.fields["away"].help_text = "One of the two is you."
            self.fields["away"].initial = str(membership.user_id)
        if self.now:
            self.fields["first_on"].initial = london_date(self.now)
