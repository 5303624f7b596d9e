"""How it is safe to reach somebody: the whole of what was agreed, and how often."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.forms import RadioField, WhenField, YesNoNotAsked
from nrm_tracker.ui.moments import Unreadable, read_time
from nrm_tracker.ui.words import DAYS
from referrals.actions import Happening
from referrals.catalogue import EventCode, Precision
from referrals.contact import SEALED, Method, Terms
from referrals.forms.events import EVERY_HINT, every_days
from referrals.forms.interval import HOW_OFTEN
from referrals.forms.person import KEEP, KeepingForm
from referrals.in_touch import Interval
from referrals.models import SafeContact


class ClockField(forms.CharField):
    """A time of day, Europe/London."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_time(text) if text else None
        except Unreadable as wrong:
            raise ValidationError(wrong.message) from wrong


class SafeContactForm(KeepingForm):
    """What was agreed. Not asked means: do not."""

    submit_label = "Save what was agreed"
    keeping = SEALED

    days = forms.MultipleChoiceField(
        label="On which days?",
        help_text="None ticked means any day.",
        choices=[(str(number), day) for number, day in enumerate(DAYS, start=1)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    since = ClockField(label="From what time?", required=False, max_length=20)
    until = ClockField(label="Until what time?", required=False, max_length=20)
    in_words = forms.CharField(label="Anything else about when?", max_length=200, required=False)
    both_hold = forms.BooleanField(
        label="These words hold beside the days and times", required=False
    )
    who_answers = forms.CharField(
        label="Who else may answer, and what to say then?",
        max_length=300,
        required=False,
    )
    code_word = forms.CharField(label="Code word", max_length=100, required=False)
    never = forms.CharField(
        label="People and addresses never to contact",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    interpreter = forms.CharField(
        label="Interpreter: which language?", max_length=60, required=False
    )
    interpreter_gender = RadioField(
        label="Interpreter: preferred gender",
        choices=[*SafeContact.Gender.choices, ("", "No preference, or not asked")],
        required=False,
    )
    worker_gender = RadioField(
        label="Worker: preferred gender",
        choices=[*SafeContact.Gender.choices, ("", "No preference, or not asked")],
        required=False,
    )
    every_days = every_days(
        label=HOW_OFTEN,
        help_text=f"{EVERY_HINT} Leave it empty where nothing is agreed.",
        required=False,
    )
    agreed_at = WhenField(
        label="When was this agreed?",
        help_text="Leave this empty if it is now.",
        what="when it was agreed",
        today=True,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        standing: Terms | None,
        interval: Interval | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=as_agreed(standing) if standing else {}, **kwargs)
        self.interval = interval
        self.initial["every_days"] = interval.every_days if interval else None
        for method in Method:
            self.fields[method.value] = YesNoNotAsked(
                label=f"{method.label}: is it safe?", required=False
            )
            self.initial.setdefault(method.value, "not_asked")
        self.standing = standing
        for name in SEALED:
            kept = standing is not None and name in standing.recorded
            self.fields[name].help_text = f"Recorded, and not shown here. {KEEP}" if kept else ""
        if not self.words_before:
            del self.fields["both_hold"]

    @property
    def words_before(self) -> str:
        """What was said of when, in words, as it stood before."""
        return self.standing.in_words if self.standing else ""

    def layout(self) -> Sequence[Any]:
        both = [Field.checkbox("both_hold", small=True)] if self.words_before else []
        methods = (Field.radios(method.value, inline=True, small=True) for method in Method)
        return [
            *methods,
            Fieldset(
                Field.checkboxes("days", small=True),
                Field.text("since", field_width=5),
                Field.text("until", field_width=5),
                "in_words",
                *both,
                legend="When it is safe",
                legend_size=Size.MEDIUM,
            ),
            *SEALED,
            "interpreter",
            Field.radios("interpreter_gender", inline=True, small=True),
            Field.radios("worker_gender", inline=True, small=True),
            Field.text("every_days", field_width=2),
            "agreed_at",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if (since is None) != (until is None) and not self.errors.keys() & {"since", "until"}:
            self.add_error("until" if since else "since", "Enter both times, or neither")
        elif since and until and until <= since:
            self.add_error("until", "Enter a time after the first one")
        if self._mixes_old_words_with_new_hours(cleaned):
            self.add_error(
                "in_words",
                f"“{self.words_before}” was written before you chose these days or times. Take out "
                "what no longer holds, or say below that both hold.",
            )
        return cleaned

    def _mixes_old_words_with_new_hours(self, cleaned: dict[str, Any]) -> bool:
        before, words = self.standing, cleaned.get("in_words")
        if before is None or not words or words != before.in_words or cleaned.get("both_hold"):
            return False
        hours = ([int(day) for day in cleaned.get("days", ())], cleaned.get("since"))
        chosen = (*hours, cleaned.get("until"))
        return any(chosen) and chosen != (list(before.days), before.since, before.until)

    def changed_interval(self) -> Happening | None:
        """What is now agreed about how often, where that is not what stood before."""
        days = self.cleaned_data["every_days"]
        if days == (self.interval.every_days if self.interval else None):
            return None
        code = EventCode.CONTACT_INTERVAL_AGREED if days else EventCode.CONTACT_INTERVAL_WITHDRAWN
        at, precision = self._agreed()
        return Happening(code=code, happened_at=at, precision=precision, every_days=days)

    def _agreed(self) -> tuple[datetime, str]:
        if self.now is None:
            raise TypeError("SafeContactForm needs now=...")
        said = self.cleaned_data["agreed_at"]
        return (said.at, said.precision) if said else (self.now, Precision.EXACT)

    def terms(self) -> Terms:
        said = self.cleaned_data
        answers = {method.value: said[method.value] for method in Method}
        sealed: dict[str, Any] = {name: self.said(name) for name in SEALED}
        return Terms(
            agreed_at=self._agreed()[0],
            safe=tuple(name for name, answer in answers.items() if answer == "yes"),
            unsafe=tuple(name for name, answer in answers.items() if answer == "no"),
            days=tuple(int(day) for day in said["days"]),
            since=said["since"],
            until=said["until"],
            in_words=said["in_words"],
            interpreter=said["interpreter"],
            interpreter_gender=said["interpreter_gender"],
            worker_gender=said["worker_gender"],
            **sealed,
        )


def as_agreed(terms: Terms) -> dict[str, Any]:
    """The terms as the fields of the form hold them; of those sealed nothing."""
    answers = dict.fromkeys((method.value for method in Method), "not_asked")
    answers |= dict.fromkeys(terms.safe, "yes") | dict.fromkeys(terms.unsafe, "no")
    return answers | {
        "days": [str(day) for day in terms.days],
        "since": f"{terms.since:%H:%M}" if terms.since else "",
        "until": f"{terms.until:%H:%M}" if terms.until else "",
        "in_words": terms.in_words,
        "interpreter": terms.interpreter,
        "interpreter_gender": terms.interpreter_gender,
        "worker_gender": terms.worker_gender,
    }
