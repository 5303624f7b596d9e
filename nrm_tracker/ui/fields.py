"""Form fields in the manner of the design system: what is wrong is said as what to do."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nrm_tracker.ui.moments import (
    LONDON,
    Unreadable,
    When,
    instant_of,
    read_date,
    read_time,
    sentence,
)
from nrm_tracker.ui.widgets import DateWidget, WhenWidget

NOON = time(12)


class RadioField(forms.ChoiceField):
    """One of a few answers, all in sight."""

    widget = forms.RadioSelect


class YesNo(RadioField):
    """Yes or no: cleaned to "yes" or "no", or "" where it may stay open."""

    answers: tuple[tuple[str, str], ...] = (("yes", "Yes"), ("no", "No"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=self.answers, **kwargs)


class YesNoNotAsked(YesNo):
    """Yes, no or not asked: cleaned to "yes", "no" or "not_asked". Not asked is an answer."""

    answers = (("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked"))


class PartsField(forms.MultiValueField):
    """Boxes that are read together; a message is tied to the boxes that must be mended."""

    what: str
    past: bool
    now: datetime | None = None  # set by the form

    def __init__(self, *, what: str, past: bool, widget: forms.MultiWidget, **kwargs: Any) -> None:
        self.what, self.past = what, past
        fields = [forms.CharField(required=False) for _ in widget.widgets]
        super().__init__(fields=fields, widget=widget, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Any:
        texts = [self._text(value, i) for i in range(len(self.fields))]
        for field in self.fields:
            field.widget.errors = []
        try:
            return self.read(texts)
        except Unreadable as wrong:
            for i in wrong.parts:
                self.fields[i].widget.errors = [wrong.message]
            raise ValidationError(wrong.message, code="invalid") from wrong

    def read(self, texts: list[str]) -> Any:
        """The value of these texts; raises `Unreadable`."""
        raise NotImplementedError

    def may_be_empty(self) -> None:
        """Refuse empty boxes where an answer is needed."""
        if self.required:
            raise Unreadable(f"Enter {self.what}", 0)

    def has_changed(self, _initial: Any, data: Any) -> bool:
        return any(self._text(data, i) for i in range(len(self.fields)))

    @staticmethod
    def _text(value: Any, index: int) -> str:
        part = value[index] if value and index < len(value) else ""
        return str(part).strip() if part else ""

    def _clock(self) -> datetime:
        if self.now is None:
            raise TypeError("A form that asks for a time in the past needs GovukForm(now=...)")
        return self.now


class DateField(PartsField):
    """A day in three boxes, cleaned to a date. `past`: today or earlier in Europe/London."""

    def __init__(self, *, what: str, past: bool = False, **kwargs: Any) -> None:
        super().__init__(what=what, past=past, widget=DateWidget(), **kwargs)

    def read(self, texts: list[str]) -> date | None:
        if not any(texts):
            self.may_be_empty()
            return None
        day = read_date(texts[0], texts[1], texts[2], what=self.what)
        if self.past and day > self._clock().astimezone(LONDON).date():
            raise Unreadable(f"{sentence(self.what)} must be today or in the past", 0, 1, 2)
        return day


class WhenField(PartsField):
    """A day and, where it is known, a time in Europe/London; cleaned to `When` in UTC.

    Without a time it is the day, kept as 12:00 (or now, while noon of today is yet to come).
    `about` offers a box for "about then". With `today` a time alone means today.
    `precision` names a second cleaned value: `GovukForm` then puts the instant under the field's
    own name and the precision under that one, ready for an action's keywords.
    """

    def __init__(
        self,
        *,
        what: str,
        past: bool = True,
        about: bool = False,
        today: bool = False,
        precision: str = "",
        **kwargs: Any,
    ) -> None:
        self.today, self.precision = today, precision
        super().__init__(what=what, past=past, widget=WhenWidget(about=about), **kwargs)

    def read(self, texts: list[str]) -> When | None:
        day, month, year, clock, *about = texts
        if not any((day, month, year, clock)):
            self.may_be_empty()
            return None
        if self.today and not any((day, month, year)):
            on = self._clock().astimezone(LONDON).date()
        else:
            on = read_date(day, month, year, what=self.what)
        when = self._exactly(on, clock) if clock else self._that_day(on)
        return When(when.at, "about") if any(about) and clock else when

    def _exactly(self, on: date, clock: str) -> When:
        at = instant_of(on, read_time(clock))
        if self.past and at > self._clock():
            raise Unreadable(f"{sentence(self.what)} must be now or in the past", 0, 1, 2, 3)
        return When(at, "exact")

    def _that_day(self, on: date) -> When:
        noon = instant_of(on, NOON)
        if not self.past or noon <= self._clock():
            return When(noon, "day")
        if on > self._clock().astimezone(LONDON).date():
            raise Unreadable(f"{sentence(self.what)} must be today or in the past", 0, 1, 2)
        return When(self._clock(), "day")
