"""`GovukForm`: a plain Django form that `{% crispy form %}` shows in the design system's manner."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout, Size
from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape

from nrm_tracker.ui.fields import DateField, PartsField, RadioField, WhenField, YesNo, YesNoNotAsked
from nrm_tracker.ui.kept import words_for
from nrm_tracker.ui.moments import When
from nrm_tracker.ui.whose import mark

__all__ = [
    "DateField",
    "GovukForm",
    "RadioField",
    "When",
    "WhenField",
    "YesNo",
    "YesNoNotAsked",
    "error_links",
]


class GovukForm(forms.Form):
    """Plain form; never saves. `now` is needed where a field must lie in the past.

    A subclass may name the button (`submit_label`), make it a warning (`warning`) or one beside
    the page's own (`secondary`), send by GET
    (`method`), and lay its fields out (`layout()`); `cancel_url` adds a way back.
    """

    submit_label = "Continue"
    warning = False
    secondary = False
    method = "post"

    def __init__(
        self,
        *args: Any,
        now: datetime | None = None,
        submit_label: str = "",
        cancel_url: str = "",
        action: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.cancel_url, self.action = now, cancel_url, action
        self.submit_label = submit_label or self.submit_label
        self.unsent = words_for(action) if self.method == "post" else None
        for field in self.fields.values():
            if isinstance(field, PartsField):
                field.now = now
            _say_what_to_do(field)

    def layout(self) -> Sequence[Any]:
        """Names of fields or layout objects, in order; all fields unless a form says otherwise."""
        return list(self.fields)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What the person had typed before and not sent, where that was kept."""
        name = self.add_prefix(field_name)
        if self.unsent is None or not any(key.startswith(name) for key in self.unsent):
            return super().get_initial_for_field(field, field_name)
        return field.widget.value_from_datadict(self.unsent, MultiValueDict(), name)

    def clean(self) -> dict[str, Any]:
        """Split a `WhenField` that names its precision into two values."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, WhenField) and field.precision and name in cleaned:
                when = cleaned[name]
                cleaned[name] = when.at if when else None
                cleaned[field.precision] = when.precision if when else None
        return cleaned

    @cached_property
    def helper(self) -> FormHelper:
        """Made when the form is shown, so that fields added by a subclass are in it."""
        helper = FormHelper()
        helper.label_size = helper.legend_size = Size.SMALL
        helper.form_method = self.method
        helper.disable_csrf = self.method != "post"
        helper.form_action = self.action
        helper.attrs = {"novalidate": ""}
        helper.render_hidden_fields = True
        for field in self.fields.values():
            _escape(field)
            _dress(field)
        helper.layout = Layout(*self.layout(), Buttons())
        return helper


class Buttons:
    """The end of a form, for its layout: the one button and, if there is one, the way back."""

    def render(self, form: GovukForm, context: Any, **_: Any) -> str:
        return render_to_string(
            "components/buttons.html", {"form": form, "mark": _mark(form, context)}
        )


def _mark(form: GovukForm, context: Any) -> str:
    """Says whose form it is; empty where nobody is signed in, or where nothing is sent."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if form.method != "post" or user is None or not user.is_authenticated:
        return ""
    return mark(user.pk, form.action or request.path, now=request.now)


def error_links(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Each error of a form with the id of the input to mend ("" when none is in sight)."""
    links = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        links += [(_input_id(bound, str(error)), str(error)) for error in bound.errors]
    return links


def _input_id(bound: forms.BoundField, error: str) -> str:
    if bound.is_hidden:
        return ""
    field = bound.field
    if isinstance(field, forms.MultiValueField):
        parts = (i for i, f in enumerate(field.fields) if error in getattr(f.widget, "errors", ()))
        return f"{bound.auto_id}_{next(parts, 0)}"
    if isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_1"
    return str(bound.auto_id)


def _say_what_to_do(field: forms.Field) -> None:
    """Where a form has no words of its own, say at least which question is meant."""
    chosen = isinstance(field, forms.ChoiceField)
    if isinstance(field, forms.IntegerField) and field.label:
        _unless_said(field, "invalid", f"Enter a whole number for “{field.label}”")
    if chosen:
        _unless_said(field, "invalid_choice", "Choose one of the answers shown")
    if field.label:
        act = "Choose an answer to" if chosen else "Enter an answer to"
        _unless_said(field, "required", f"{act} “{field.label}”")
    elif isinstance(field.widget, forms.HiddenInput):
        _unless_said(field, "required", "Something is missing. Load the page again")


def _unless_said(field: forms.Field, code: str, message: str) -> None:
    usual = [getattr(kind, "default_error_messages", {}).get(code) for kind in type(field).__mro__]
    if field.error_messages.get(code) in usual:
        field.error_messages[code] = message


def _escape(field: forms.Field) -> None:
    """The template pack prints labels and hints unescaped."""
    field.label = conditional_escape(field.label) if field.label else field.label
    field.help_text = conditional_escape(field.help_text)


def _dress(field: forms.Field) -> None:
    """Inputs that the template pack has no class for."""
    if type(field.widget) is forms.NumberInput:
        attrs = {"class": "govuk-input--width-5", **field.widget.attrs, "inputmode": "numeric"}
        field.widget = forms.TextInput(attrs)
    elif isinstance(field.widget, forms.URLInput | forms.SearchInput):
        field.widget.attrs.setdefault("class", "govuk-input")
