"""Screening: every risk is asked about again, in a minute, and each may stay not asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crispy_forms_gds.layout import Field, Fieldset, Size

from nrm_tracker.ui.forms import YesNoNotAsked
from referrals.actions import Happening
from referrals.catalogue import URGENT_RISKS, EventCode, Risk
from referrals.forms.events import RecordForm

OTHERS = tuple(risk for risk in Risk if risk not in URGENT_RISKS)


class ScreeningForm(RecordForm):
    """`present` says of each risk that stands when it was last confirmed, in words."""

    submit_label = "Record the answers"

    def __init__(self, *args: Any, present: Mapping[Risk, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        for risk in Risk:
            self.fields[risk.value] = YesNoNotAsked(
                label=f"{risk.label}?",
                help_text=present.get(risk, ""),
                initial="not_asked",
                required=False,
            )

    def layout(self) -> list[Any]:
        urgent, others = (
            [Field.radios(risk.value, inline=True, small=True) for risk in risks]
            for risks in (URGENT_RISKS, OTHERS)
        )
        return [
            Fieldset(*urgent, legend="Urgent", legend_size=Size.MEDIUM),
            Fieldset(*others, legend="The other risks", legend_size=Size.MEDIUM),
            "happened_at",
            "detail",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(risk) == "yes" for risk in Risk) and not self._says_no(cleaned):
            self.add_error(
                URGENT_RISKS[0].value,
                "Answer about a risk that is or was there, or all three urgent ones",
            )
        return cleaned

    def _says_no(self, answers: Mapping[str, Any]) -> bool:
        """Whether a no is worth an entry: a risk is over, or the screen is complete."""
        return self._is_complete(answers) or any(answers.get(r) == "no" for r in self.present)

    def _is_complete(self, answers: Mapping[str, Any]) -> bool:
        return all(answers.get(risk) in {"yes", "no"} for risk in URGENT_RISKS)

    @property
    def says_urgent(self) -> bool:
        return any(self.cleaned_data[risk] == "yes" for risk in URGENT_RISKS)

    def happenings(self) -> list[Happening]:
        said = self.cleaned_data
        there = [risk for risk in Risk if said[risk] == "yes"]
        over = [risk for risk in self.present if said[risk] == "no"]
        found = [
            *(self.happening(EventCode.RISK_FLAG_ADDED, risk=risk) for risk in there),
            *(self.happening(EventCode.RISK_FLAG_REMOVED, risk=risk) for risk in over),
        ]
        if self._is_complete(said):
            found.append(self.happening(EventCode.IMMEDIATE_SAFETY_CHECKED))
        return [replace(found[0], detail=said["detail"]), *found[1:]]
