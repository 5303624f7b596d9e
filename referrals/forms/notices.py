"""What somebody wants by e-mail."""

from nrm_tracker.ui.forms import GovukForm, RadioField
from referrals.models import NoticeChoice


class NoticeChoiceForm(GovukForm):
    submit_label = "Save"

    at_once = RadioField(
        label="A delay that cannot stay: somebody may be harmed today",
        help_text="If nobody else who is told of it wants an e-mail at once, you are sent one "
        "all the same.",
        choices=NoticeChoice.AtOnce.choices,
    )
    today = RadioField(
        label="A delay that is to be looked at today",
        help_text="The e-mail comes at 08:00 on the days on which your organisation is open, "
        "when there is something new.",
        choices=NoticeChoice.Today.choices,
    )
