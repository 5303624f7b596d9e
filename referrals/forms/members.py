"""Who leaves, and who takes over; and the list of members."""

from typing import Any

from django import forms

from nrm_tracker.ui.forms import GovukForm
from organisations.models import Membership
from organisations.roles import roles_at
from referrals.actions import TakesOver
from referrals.forms.base import ActingForm, OwnForm
from referrals.forms.colleagues import CaseworkerField

NOBODY = "nobody"


class MembersForm(GovukForm):
    """Which members, in which order. It stands in the address."""

    method = "get"
    submit_label = "Show"

    role = forms.ChoiceField(label="Role", required=False)
    sort = forms.ChoiceField(
        label="In which order?",
        required=False,
        choices=[
            ("name", "By name"),
            ("role", "By role"),
            ("signed_in", "Longest not signed in first"),
            ("referrals", "Most referrals first"),
        ],
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_at(oversight=membership.organisation.is_oversight)
        choices = [("", "Any"), *((role.value, role.label) for role in roles)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """Where an address asks for what there is not, everybody is shown."""
        said = self.cleaned_data if self.is_valid() else {}
        return {"role": said.get("role", ""), "sort": said.get("sort") or "name"}


class LeavingForm(ActingForm, OwnForm):
    """`at_once` is a button of its own: then nothing need be chosen."""

    submit_label = "End the membership"
    warning = True

    caseworker = forms.ChoiceField(
        label="Who takes over their referrals, tasks and cover?",
        error_messages={"required": "Choose who takes over, or that nobody does for now"},
    )
    named = CaseworkerField(label="Who may see what is restricted from now on?", required=False)

    def __init__(
        self,
        *args: Any,
        leaver: Membership,
        colleagues: dict[int, str],
        successors: list[Membership],
        restricted: bool,
        at_once: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        others = [(str(pk), name) for pk, name in colleagues.items() if pk != leaver.user_id]
        nobody = (NOBODY, "Nobody yet: leave the referrals to nobody, and the tasks to me")
        self.fields["caseworker"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            nobody,
            *others,
        ]
        if at_once:
            self.fields["caseworker"].required = False
        if restricted:
            self._offer_successors(successors)
        else:
            del self.fields["named"]

    def takes_over(self) -> TakesOver:
        said = self.cleaned_data
        person = said.get("caseworker") or NOBODY
        return TakesOver(
            everything=None if person == NOBODY else int(person), restricted=said.get("named")
        )

    def _offer_successors(self, successors: list[Membership]) -> None:
        field = self.fields["named"]
        usual = successors[0].user.name if successors else "Nobody"
        field.choices = [  # type: ignore[attr-defined]
            ("", f"{usual}, if I choose nobody"),
            *((str(row.user_id), row.user.name) for row in successors),
        ]
        field.help_text = (
            "Only of those on which nobody else who works here is named. To see one yourself, open "
            "it in an emergency: the safeguarding lead is told of that."
        )
