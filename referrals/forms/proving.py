"""A proof of wait: issued, withdrawn, checked."""

from typing import Any

from django import forms

from nrm_tracker.ui.forms import GovukForm, RadioField
from referrals.forms.base import ReferralForm
from referrals.models import Proof
from referrals.proofs import CODE
from referrals.references import read_number


class IssueProofForm(ReferralForm):
    submit_label = "Issue the proof"

    safe = RadioField(
        label="Is it safe for them to keep this?",
        help_text="Who else sees what they carry, or where they live? A page that says they asked "
        "for help can put them in danger.",
        choices=[("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked")],
        error_messages={"required": "Choose whether it is safe for them to keep this"},
    )
    addressed_to = RadioField(
        label="Who is it for?",
        choices=Proof.For.choices,
        initial=Proof.For.REPRESENTATIVE,
        error_messages={"required": "Choose who it is for"},
    )
    with_name = forms.BooleanField(
        label="Put their name on it",
        help_text="Without it, the reference stands for them.",
        required=False,
    )

    def __init__(self, *args: Any, may_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_name:
            del self.fields["with_name"]

    def answers(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "addressed_to": Proof.For(said["addressed_to"]),
            "safe_to_keep": said["safe"] == "yes",
            "with_name": said.get("with_name", False),
        }


class WithdrawProofForm(ReferralForm):
    submit_label = "Withdraw the proof"
    warning = True

    why = RadioField(
        label="Why does it not stand any more?",
        choices=Proof.Why.choices,
        error_messages={"required": "Choose why it does not stand any more"},
    )


class CheckProofForm(GovukForm):
    submit_label = "Check it"

    number = forms.CharField(
        label="Number",
        help_text="It begins with P, for example P-2346-79CD-FHJK.",
        max_length=40,
        error_messages={"required": "Enter the number on the page"},
    )
    code = forms.CharField(
        label="Check code",
        help_text="Eight letters and digits, below the number.",
        max_length=20,
        error_messages={"required": "Enter the check code on the page"},
    )

    def clean_number(self) -> str:
        return read_number(self.cleaned_data["number"])

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).lower().split())
        return code if len(code) == CODE else ""
