"""Who acts when the office is closed."""

from typing import Any, cast

from django import forms

from nrm_tracker.ui.forms import RadioField
from organisations.models import Membership
from referrals.forms.base import ReferralForm
from referrals.forms.colleagues import CaseworkerField

ME, ON_CALL, COLLEAGUE = "me", "on_call", "colleague"


class WhoActsForm(ReferralForm):
    submit_label = "Save who acts"

    who = RadioField(
        label="Who will act before then?", error_messages={"required": "Choose who will act"}
    )
    colleague = CaseworkerField(
        label="If somebody else: who?",
        help_text="Ask them first: nobody is told by this.",
        required=False,
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        on_call = membership.organisation.on_call
        choices = [(ME, "I will"), (COLLEAGUE, "Somebody else")]
        if on_call:
            choices.insert(1, (ON_CALL, f"Who is on call: {on_call}"))
        cast(forms.ChoiceField, self.fields["who"]).choices = choices
        cast(CaseworkerField, self.fields["colleague"]).offer(membership, empty="Choose a person")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("who") == COLLEAGUE and not cleaned.get("colleague"):
            self.add_error("colleague", "Choose who will act")
        return cleaned

    @property
    def person(self) -> int | None:
        """The one who acts (id); None for whoever is on call."""
        others = {ME: self.membership.user_id, COLLEAGUE: self.cleaned_data.get("colleague")}
        return others.get(self.cleaned_data["who"])
