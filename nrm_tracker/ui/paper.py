"""A form on paper: its own questions, with boxes to tick and lines to write on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from nrm_tracker.ui.fields import PartsField


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """`blanks` are written into and `boxes` ticked; with neither there is a line to write on."""

    label: str
    hint: str = ""
    blanks: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    several: bool = False  # boxes may be ticked
    must: bool = False  # be answered before it can be saved


def on_paper(form: forms.Form) -> list[PaperQuestion]:
    """Every question that the form asks, in its order, with each answer that it takes."""
    return [_question(bound.field) for bound in form.visible_fields()]


def _question(field: forms.Field) -> PaperQuestion:
    label, hint = str(field.label), str(field.help_text)
    if isinstance(field, forms.BooleanField):
        return PaperQuestion("", hint, boxes=(label,))
    several = isinstance(field, forms.MultipleChoiceField)
    return PaperQuestion(label, hint, *_answers(field), several, field.required)


def _answers(field: forms.Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written in and what is ticked."""
    if isinstance(field, PartsField):
        parts: list[forms.Widget] = field.widget.widgets
        ticked = [part for part in parts if isinstance(part, forms.CheckboxInput)]
        return _labels(part for part in parts if part not in ticked), _labels(ticked)
    if isinstance(field, forms.ChoiceField):
        return (), tuple(str(text) for value, text in field.widget.choices if value)
    return (), ()


def _labels(parts: Iterable[forms.Widget]) -> tuple[str, ...]:
    return tuple(str(part.attrs["label"]) for part in parts)
