"""What came of looking whether somebody is still reachable."""

from collections.abc import Mapping
from typing import Any

from crispy_forms_gds.choices import Choice

from nrm_tracker.ui.forms import RadioField
from referrals.actions import Happening
from referrals.catalogue import EventCode
from referrals.forms.events import RecordForm

REACHED, NO_ANSWER, LOST, ELSEWHERE = "reached", "no_answer", "lost", "elsewhere"
OUTCOMES: Mapping[str, tuple[str, EventCode]] = {
    REACHED: ("We were in touch: they took part", EventCode.CONTACT_MADE),
    NO_ANSWER: ("Tried, in a way that is safe: no answer", EventCode.CONTACT_TRIED),
    LOST: ("They are out of contact", EventCode.CONTACT_LOST),
    ELSEWHERE: ("We were told that they are elsewhere", EventCode.HEARD_ELSEWHERE),
}
HINTS: Mapping[str, str] = {
    REACHED: "The limit counts from then. What they said, record with “I spoke with the person”.",
    NO_ANSWER: "The wait goes on: no answer is not contact.",
    LOST: "This limit stops until they are back. Every other wait goes on.",
    ELSEWHERE: "What came to you unasked. The wait goes on until you close the referral.",
}


class InTouchForm(RecordForm):
    submit_label = "Record what came of it"

    came = RadioField(
        label="What came of it?",
        choices=[(code, words) for code, (words, _) in OUTCOMES.items()],
        error_messages={"required": "Choose what came of it"},
    )

    field_order = ["came", "happened_at", "detail"]

    def __init__(self, *args: Any, is_lost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_lost = is_lost
        offered = [code for code in OUTCOMES if not (is_lost and code == LOST)]
        field = self.fields["came"]
        if isinstance(field, RadioField):
            field.choices = [Choice(code, OUTCOMES[code][0], hint=HINTS[code]) for code in offered]

    def happenings(self) -> list[Happening]:
        came = self.cleaned_data["came"]
        code = OUTCOMES[came][1]
        if came == REACHED and self.is_lost:
            code = EventCode.CONTACT_REGAINED
        return [self.happening(code, detail=self.cleaned_data["detail"])]
