"""Who is told of the delays of one threshold, within an organisation."""

from typing import Any

from nrm_tracker.ui.forms import RadioField
from organisations.models import Membership
from referrals.catalogue import Severity
from referrals.delays import Threshold
from referrals.forms.base import ActingForm, OwnForm
from referrals.models import Told
from referrals.told import chosen_levels, levels_to_choose, usual_levels

CHOOSE = "Choose one of the answers shown"


class ToldForm(OwnForm, ActingForm):
    """A question for each severity of the threshold."""

    submit_label = "Save who is told"

    def __init__(
        self, *args: Any, membership: Membership, threshold: Threshold, **kwargs: Any
    ) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        chosen = chosen_levels([membership.organisation_id])
        self.severities = usual_levels(threshold)
        for severity, usual in self.severities.items():
            allowed = levels_to_choose(severity=severity, usual=usual)
            others = [(told, str(Told(told).label)) for told in allowed if told != usual]
            self.fields[severity] = RadioField(
                label=f"{Severity(severity).label}: who is told?",
                choices=[("", f"As usual: {_lower(str(Told(usual).label))}"), *others],
                initial=chosen.get((membership.organisation_id, threshold.code, severity), ""),
                required=False,
                error_messages={"invalid_choice": CHOOSE},
            )

    def levels(self) -> dict[str, str]:
        return {severity: self.cleaned_data[severity] for severity in self.severities}


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
