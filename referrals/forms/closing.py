from typing import Any

from nrm_tracker.ui.forms import RadioField, YesNo
from referrals.catalogue import CLOSE_REASONS, Outcome
from referrals.forms.base import ReferralForm
from referrals.forms.events import note


class CloseForm(ReferralForm):
    submit_label = "Close the referral"
    warning = True

    reason = RadioField(
        label="Why is it closed?",
        choices=[(each.value, each.label) for each in CLOSE_REASONS],
        error_messages={"required": "Choose why it is closed"},
    )
    detail = note()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "reason" in cleaned:
            cleaned["reason"] = Outcome(cleaned["reason"])
        if cleaned.get("reason") == Outcome.OTHER and not cleaned.get("detail"):
            self.add_error("detail", "Enter the reason in a few words")
        return cleaned


class ReopenForm(ReferralForm):
    submit_label = "Continue"

    same_request = YesNo(
        label="Is this the same request for help?",
        help_text=(
            "Yes: this referral goes on, its limits run from today, and the time in which it was "
            "closed is shown apart. No: a new referral is logged, which follows this one."
        ),
        error_messages={"required": "Choose whether it is the same request for help"},
    )
    detail = note()
