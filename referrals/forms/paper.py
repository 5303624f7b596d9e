"""A sheet that was filled in by hand, typed in once a computer is there again."""

from collections.abc import Sequence
from typing import Any, cast

from nrm_tracker.ui.forms import WhenField
from nrm_tracker.ui.moments import When
from referrals.forms.opening import OpeningForm


class PaperForm(OpeningForm):
    """The same questions, asked while no computer was at hand and typed in later."""

    field_order = ("call_at",)

    call_at = WhenField(
        label="When was the call?",
        help_text="Limits count from here, not from when the sheet is typed in. A day without a "
        "time counts as 12:00.",
        what="when the call was",
        about=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = cast(WhenField, self.fields["first_contact"])
        first.today, first.help_text = False, "Leave this empty if it was in this call."

    def layout(self) -> Sequence[Any]:
        return ["call_at", *super().layout()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        call, first = cleaned.get("call_at"), cleaned.get("first_contact")
        if call and first and first.at > call.at:
            self.add_error(
                "first_contact", "Enter a time before the call, or leave it empty if it was then"
            )
        return cleaned

    def _call(self) -> When:
        call: When = self.cleaned_data["call_at"]
        return call
