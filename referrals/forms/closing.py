from typing import Any

from nrm_tracker.ui.forms import RadioField, YesNo
from referrals.catalogue import CloseReason
from referrals.forms.base import ReferralForm
from referrals.forms.events import note


class CloseForm(ReferralForm):
    submit_label = "Close the referral"
    warning = True

    reason = RadioField(
        label="Why is it closed?",
        choices=CloseReason.choices,
        error_messages={"required": "Choose why it is closed"},
    )
    detail = note()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "reason" in cleaned:
            cleaned["reason"] = CloseReason(cleaned["reason"])
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
