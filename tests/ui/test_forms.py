from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template

from nrm_tracker.ui.forms import (
    DateField,
    GovukForm,
    RadioField,
    When,
    WhenField,
    YesNoNotAsked,
    error_links,
)

pytestmark = pytest.mark.urls("tests.ui.urls")
NOW = datetime(2026, 4, 18, 9, 12, tzinfo=UTC)  # a Saturday, 10:12 in London
UNREAL = "The date of the call must be a real date, like 27 3 2026"


class CallForm(GovukForm):
    happened_at = WhenField(
        label="When was it?",
        what="the date of the call",
        about=True,
        today=True,
        precision="precision",
    )


class LetterForm(GovukForm):
    dated_on = DateField(label="Date on it", what="the date on the letter", past=True)


class AnswerForm(GovukForm):
    danger = YesNoNotAsked(label="In danger?")
    number = forms.IntegerField(label="How many?")
    detail = forms.CharField(label="Detail", widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)


def boxes(name, *values):
    return {f"{name}_{i}": value for i, value in enumerate(values)}


def call(*values, now=NOW):
    return CallForm(boxes("happened_at", *values), now=now)


def letter(*values):
    return LetterForm(boxes("dated_on", *values), now=NOW)


def shown(form):
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


@pytest.mark.parametrize(
    ("typed", "at", "precision"),
    [
        (("14", "4", "2026", "14:30"), datetime(2026, 4, 14, 13, 30, tzinfo=UTC), "exact"),
        (("14", "April", "2026", "2.30pm"), datetime(2026, 4, 14, 13, 30, tzinfo=UTC), "exact"),
        (("14", "apr", "2026", "0930"), datetime(2026, 4, 14, 8, 30, tzinfo=UTC), "exact"),
        (("14", "4", "2026", "12am"), datetime(2026, 4, 13, 23, 0, tzinfo=UTC), "exact"),
        (("14", "4", "2026", "noon"), datetime(2026, 4, 14, 11, 0, tzinfo=UTC), "exact"),
        (("14", "4", "2026", "9am", "on"), datetime(2026, 4, 14, 8, 0, tzinfo=UTC), "about"),
        (("14", "1", "2026", ""), datetime(2026, 1, 14, 12, 0, tzinfo=UTC), "day"),
        (("14", "1", "2026", "", "on"), datetime(2026, 1, 14, 12, 0, tzinfo=UTC), "day"),
        (("18", "4", "2026", ""), NOW, "day"),  # noon of today is yet to come
        (("", "", "", "9:30"), datetime(2026, 4, 18, 8, 30, tzinfo=UTC), "exact"),
        (("25", "10", "2025", "01:30"), datetime(2025, 10, 25, 0, 30, tzinfo=UTC), "exact"),
        (("26", "10", "2025", "01:30"), datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "exact"),
    ],
)
def test_when_is_read_in_london(typed, at, precision):
    form = call(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"happened_at": at, "precision": precision}


@pytest.mark.parametrize(
    ("typed", "message", "target"),
    [
        (("", "", "", ""), "Enter the date of the call", "_0"),
        (("14", "", "2026", ""), "The date of the call must include a month", "_1"),
        (("14", "", "", "9am"), "The date of the call must include a month and a year", "_1"),
        (("31", "2", "2026", ""), UNREAL, "_0"),
        (("x", "2", "2026", ""), UNREAL, "_0"),
        (("0", "2", "2026", ""), UNREAL, "_0"),
        (("1", "2", "26", ""), "Enter the year as 4 numbers, like 2026", "_2"),
        (("1", "2", "0000", ""), UNREAL, "_2"),
        (("1", "2", "9999", ""), UNREAL, "_0"),
        (
            ("\x00", "2", "2026", ""),
            UNREAL,
            "_0",
        ),
        (("٣", "2", "2026", ""), UNREAL, "_0"),
        (
            ("1" * 5000, "2", "2026", ""),
            UNREAL,
            "_0",
        ),
        (("14", "4", "2026", "soon"), "Enter the time like 14:30 or 2:30pm", "_3"),
        (("14", "4", "2026", "14"), "Enter the time like 14:30 or 2:30pm", "_3"),
        (("14", "4", "2026", "13pm"), "Enter the time like 14:30 or 2:30pm", "_3"),
        (("14", "4", "2026", "24:10"), "Enter a time between 00:00 and 23:59", "_3"),
        (("14", "4", "2026", "\x00"), "Enter the time like 14:30 or 2:30pm", "_3"),
        (("18", "4", "2026", "10:13"), "The date of the call must be now or in the past", "_0"),
        (("19", "4", "2026", ""), "The date of the call must be today or in the past", "_0"),
        (
            ("29", "3", "2026", "01:30"),
            "The clocks went forward on 29 March 2026, so 01:30 did not happen. "
            "Enter a time before 01:00 or from 02:00",
            "_3",
        ),
    ],
)
def test_when_says_what_to_mend(typed, message, target):
    form = call(*typed)
    assert not form.is_valid()
    assert error_links(form) == [(f"id_happened_at{target}", message)]


def test_what_was_typed_is_kept():
    page = shown(call("31", "Febuary", "2026", "half two"))
    assert 'value="Febuary"' in page
    assert 'value="half two"' in page


def test_optional_when_may_stay_empty():
    class Later(GovukForm):
        next_at = WhenField(label="Next", what="the date", required=False, past=False)

    assert Later(boxes("next_at", "", "", "", "")).is_valid()
    assert Later({}).is_valid()


def test_a_past_moment_needs_a_clock():
    with pytest.raises(TypeError, match="now"):
        call("14", "4", "2026", "9am", now=None).is_valid()


def test_when_shows_its_initial_value():
    first_asked = When(datetime(2026, 4, 14, 13, 30, tzinfo=UTC), "about")
    page = shown(CallForm(initial={"happened_at": first_asked}, now=NOW))
    assert 'value="14:30"' in page
    assert "checked" in page


def test_letter_is_a_date():
    form = letter("14", "4", "2026")
    assert form.is_valid()
    assert form.cleaned_data == {"dated_on": date(2026, 4, 14)}


def test_letter_of_tomorrow_is_refused():
    assert letter("19", "4", "2026").errors == {
        "dated_on": ["The date on the letter must be today or in the past"]
    }


def test_questions_left_open_are_named():
    form = AnswerForm({"number": "x", "version": "3"})
    assert error_links(form) == [
        ("id_danger_1", "Choose an answer to “In danger?”"),
        ("id_number", "Enter a whole number for “How many?”"),
        ("id_detail", "Enter an answer to “Detail”"),
    ]


def test_each_error_links_to_an_input():
    form = AnswerForm({})
    page = shown(form)
    targets = [target for target, _ in error_links(form) if target]
    assert len(targets) == 3
    assert all(page.count(f' id="{target}"') == 1 for target in targets)


def test_error_of_a_hidden_field_is_said_without_a_link():
    assert error_links(AnswerForm({}))[-1] == (
        "",
        "Something is missing. Load the page again",
    )


@pytest.mark.parametrize("hostile", ["\x00", "‮abc", "x" * 100_000, "-1" * 4000])
def test_hostile_answers_are_field_errors(hostile):
    form = AnswerForm({"danger": hostile, "number": hostile, "detail": "\x00", "version": hostile})
    assert set(form.errors) == {"danger", "number", "detail", "version"}
    assert shown(form)


def test_not_asked_is_an_answer():
    field = YesNoNotAsked(label="In danger?")
    assert field.clean("not_asked") == "not_asked"
    with pytest.raises(forms.ValidationError):
        field.clean("perhaps")


def test_labels_and_hints_are_escaped():
    class Named(GovukForm):
        answer = RadioField(label="Ring?", choices=[("a", "<i>A</i>")], help_text="x")

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["answer"].label = "<script>alert(1)</script>"
            self.fields["answer"].help_text = "<b>bold</b>"

    page = shown(Named())
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_button_and_way_back():
    page = shown(LetterForm(now=NOW, submit_label="Record it", cancel_url="/x/?a=1&b={{ c }}"))
    assert ">Record it</button>" in page
    assert 'href="/x/?a=1&amp;b={{ c }}"' in page


def test_form_of_a_filter_is_sent_by_get():
    class Filters(GovukForm):
        method = "get"
        nation = forms.ChoiceField(required=False, choices=[("", "All")])

    page = shown(Filters())
    assert 'method="get"' in page
    assert "csrf" not in page
