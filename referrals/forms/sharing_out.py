"""Who is responsible, what is done with many at once, and cover."""

from typing import Any, cast

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import DateField
from organisations.models import Membership
from organisations.roles import Permission
from referrals.forms.base import KeyedForm, ReferralForm
from referrals.forms.colleagues import CaseworkerField


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
