"""Correct an entry: what really happened, or that it did not happen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from nrm_tracker.ui.forms import RadioField, When
from nrm_tracker.ui.words import apart
from referrals.actions import Happening
from referrals.catalogue import EventCode
from referrals.doors import ASKED
from referrals.forms.events import EventForm, within
from referrals.models import WaitEvent

HAPPENED, DID_NOT = "happened", "did_not_happen"


class CorrectForm(EventForm):
    submit_label = "Save the correction"

    what = RadioField(
        label="What is right?",
        choices=[(HAPPENED, "It happened as written below"), (DID_NOT, "It did not happen")],
        initial=HAPPENED,
    )
    reason = forms.CharField(
        label="Why do you correct it?",
        help_text="Both entries stay on the timeline, with this reason.",
        max_length=200,
        error_messages={"required": "Enter why you correct it"},
    )

    also = forms.MultipleChoiceField(
        label="Is it wrong for them too?",
        help_text="The same was recorded for them at once. Each one ticked is corrected likewise, "
        "and keeps the note that stands there; the others stay as they are.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    field_order = ["what", *ASKED, "happened_at", "detail", "also", "reason"]

    def __init__(
        self, *args: Any, event: WaitEvent, alike: Sequence[WaitEvent] = (), **kwargs: Any
    ) -> None:
        """`alike`: entries that were recorded with it for others."""
        super().__init__(*args, code=event.code, initial=as_written(event), **kwargs)
        self.event = event
        self.alike = {each.referral.reference: each for each in alike}
        self._offer_others()
        self.fields["happened_at"].required = self._happened()
        self.fields["happened_at"].help_text = ""
        if event.code == EventCode.INITIAL_CONTACT:
            del self.fields["what"]
        if not self._happened():
            for field in (*ASKED, "detail"):
                if field in self.fields:
                    self.fields[field].required = False

    def _offer_others(self) -> None:
        field = self.fields["also"]
        if not self.alike:
            del self.fields["also"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [
                (reference, f"{apart(each.referral.pseudonym)}, {reference}")
                for reference, each in self.alike.items()
            ]

    def corrected_too(self) -> list[WaitEvent]:
        """Those of others that are wrong likewise."""
        return [self.alike[each] for each in self.cleaned_data.get("also", ())]

    def moment(self) -> tuple[datetime, str]:
        """As it was recorded, to the second, where the boxes were left as they were."""
        at, precision = super().moment()
        return (self.event.happened_at if within(at, self.event.happened_at) else at), precision

    def _happened(self) -> bool:
        return self.data.get(self.add_prefix("what")) != DID_NOT

    def corrected(self) -> Happening | None:
        """What really happened; None where it did not."""
        return None if self.cleaned_data.get("what") == DID_NOT else self.said()


def as_written(event: WaitEvent) -> dict[str, Any]:
    return {field: getattr(event, field) for field in (*ASKED, "detail")} | {
        "happened_at": When(event.happened_at, event.precision)
    }
