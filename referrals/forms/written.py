"""Pages of questions that are kept version by version, each for itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms

from nrm_tracker.ui.forms import RadioField
from referrals.actions import OpenedPage, newest_page
from referrals.catalogue import EventCode
from referrals.forms.base import ReferralForm
from referrals.forms.events import EventForm
from referrals.home_office import Needed
from referrals.models import WrittenPage
from referrals.questions import INTAKE, MOST, NOT_ASKED, SAID, VICTIM, Question

State = WrittenPage.State
FACTS = "Facts, not opinion: this can be disclosed in court."
HOW_MANY = f"Enter how many in figures, {MOST} at most, or leave it empty"
LENGTH, REFERENCE_LENGTH = 4000, 60
MARKS = (State.READY, State.NOT_YET, State.DOES_NOT_APPLY)


class WrittenForm(ReferralForm):
    """A form that was opened on a version of its own page, not of the referral."""

    submit_label = "Save"

    def __init__(self, *args: Any, page: str, stands: OpenedPage | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.stands = page, stands
        self.fields["version"].initial = self._number()

    def fill(self) -> None:
        """With what stands, once the questions are there."""
        if self.stands:
            self.initial.update(self.as_written(self.stands))

    def _number(self) -> int:
        return self.stands.row.number if self.stands else 0

    def present_version(self) -> int:
        self.stands = newest_page(referral=self.referral, page=self.page)
        return self._number()

    def as_written(self, page: OpenedPage) -> dict[str, Any]:
        """A version of the page, as the fields of the form hold it."""
        return dict(page.answers or {})


class IntakeForm(WrittenForm):
    nothing_more = forms.BooleanField(
        label="There is nothing more to ask here for now", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = INTAKE[self.page]
        for question in self.questions:
            self._ask(question)
        self.fill()

    def _ask(self, question: Question) -> None:
        self.fields[question.code] = RadioField(
            label=question.label,
            help_text=f"Why we ask: {question.why}",
            choices=question.answers,
            initial=NOT_ASKED,
            required=False,
        )
        for name, label in question.counts.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=MOST,
                required=False,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), HOW_MANY),
            )
        if question.words:
            self.fields[question.box] = forms.CharField(
                label=question.words,
                help_text=FACTS,
                max_length=LENGTH,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def layout(self) -> Sequence[Any]:
        asked: list[Any] = []
        for question in self.questions:
            asked.append(Field.radios(question.code, small=True))
            asked += [Field.text(name, field_width=2) for name in question.counts]
            if question.words:
                asked.append(question.box)
        return [*asked, Field.checkbox("nothing_more", small=True)]

    def as_written(self, page: OpenedPage) -> dict[str, Any]:
        done = page.row.state == State.NOTHING_MORE
        return super().as_written(page) | {"nothing_more": done}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in self.questions:
            counted = any(cleaned.get(name) for name in question.counts)
            if counted and cleaned.get(question.code) not in {question.choices[0][0], NOT_ASKED}:
                self.add_error(question.code, "Choose yes, or leave the numbers below empty")
        return cleaned

    def answers(self) -> dict[str, str]:
        """What was answered; words or numbers without a choice are an answer, where they are one
        to the first of the choices."""
        said: dict[str, str] = {}
        for question in self.questions:
            chosen = self.cleaned_data[question.code] or NOT_ASKED
            words = self.cleaned_data.get(question.box, "")
            numbers = {name: str(self.cleaned_data[name] or "") for name in question.counts}
            first = question.choices[0][0]
            if chosen == NOT_ASKED and ((words and first == SAID) or any(numbers.values())):
                chosen = first
            said |= {question.code: chosen, **numbers, question.box: words}
        return said

    @property
    def says_victim(self) -> bool:
        """Whether a child of theirs may need a referral."""
        return self.cleaned_data.get(VICTIM) == "yes"

    @property
    def state(self) -> str:
        return State.NOTHING_MORE if self.cleaned_data["nothing_more"] else State.IN_PROGRESS


class SectionForm(WrittenForm):
    """A section of the Home Office's form: which answers are at hand, notes, and the mark."""

    have = forms.MultipleChoiceField(
        label="Which answers do you have?", required=False, widget=forms.CheckboxSelectMultiple
    )
    notes = forms.CharField(
        label="Working notes",
        help_text=f"To have beside the form. {FACTS} No more than the form asks.",
        max_length=15_000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )
    state = RadioField(
        label="Is this section ready?",
        choices=[(each.value, each.label) for each in MARKS],
        initial=State.NOT_YET.value,
        required=False,
    )

    def __init__(
        self, *args: Any, needed: Sequence[Needed], known: Mapping[str, str], **kwargs: Any
    ) -> None:
        """`known` says of an answer, by its code, what stands recorded here."""
        super().__init__(*args, **kwargs)
        self.needed = needed
        have = self.fields["have"]
        if isinstance(have, forms.MultipleChoiceField):
            have.choices = [
                Choice(each.code, each.words, hint=_hint(each, known.get(each.code, "")))
                for each in needed
            ]
        self.fill()

    def layout(self) -> Sequence[Any]:
        return [Field.checkboxes("have", small=True), "notes", Field.radios("state", small=True)]

    def as_written(self, page: OpenedPage) -> dict[str, Any]:
        ticked = [each.code for each in self.needed if each.code in page.row.have]
        return {"have": ticked, "notes": page.says("notes"), "state": page.row.state}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        have = set(cleaned.get("have", ()))
        missing = [each.words for each in self.needed if each.code not in have]
        if cleaned.get("state") == State.READY and missing:
            self.add_error(
                "have",
                f"Tick what you have, or choose “{State.NOT_YET.label}”. Not ticked: "
                f"{'; '.join(missing)}",
            )
        return cleaned


def _hint(needed: Needed, known: str) -> str:
    options = f"Their answers: {', '.join(needed.options)}." if needed.options else ""
    recorded = f"Here: {known}" if known else ""
    return " ".join(part for part in (options, recorded) if part)


class ReferenceForm(WrittenForm):
    """The reference in the Home Office's letter or e-mail."""

    submit_label = "Keep the reference"

    reference = forms.CharField(
        label="Home Office reference",
        help_text="It stands in the e-mail that confirms the NRM referral. It is kept sealed.",
        max_length=REFERENCE_LENGTH,
        error_messages={"required": "Enter the Home Office reference"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill()


class SubmittedForm(EventForm):
    """The NRM referral was submitted: by whom, when, and under which reference."""

    home_office_reference = forms.CharField(
        label="Home Office reference (optional)",
        help_text="It comes by e-mail, and may be added later. It is kept sealed.",
        max_length=REFERENCE_LENGTH,
        required=False,
    )

    field_order = ["submitted_by", "happened_at", "home_office_reference", "detail"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, code=EventCode.REFERRAL_SUBMITTED, **kwargs)


class DraftForm(ReferralForm):
    """One press: the draft on the Home Office's service was saved today, or started."""

    def __init__(self, *args: Any, exists: bool, **kwargs: Any) -> None:
        said = "Saved today" if exists else "A draft was started today"
        super().__init__(*args, submit_label=said, **kwargs)
