"""What every form about a referral carries, and the one place where a refusal becomes an error."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, TypedDict, cast
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from nrm_tracker.ui.forms import GovukForm
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.errors import ActionRefused, ChangedMeanwhile
from referrals.models import Referral

NOTE_LABEL = "Note (optional)"
NOTE_HINT = "Facts, not opinion: this can be disclosed in court. No names, numbers or addresses."


class OwnForm(GovukForm):
    """A form for the organisation it was opened for. Who acts for two, in two tabs, would else
    save to the one that the other tab chose last."""

    acting_for = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.fields["acting_for"].initial = membership.organisation_id

    def clean_acting_for(self) -> int | None:
        opened_for: int | None = self.cleaned_data["acting_for"]
        if opened_for not in {None, self.membership.organisation_id}:
            raise ValidationError(
                "You opened this form for another organisation, and now act for "
                f"{self.membership.organisation}. Act for the other one again, then send this."
            )
        return opened_for


class ActingForm(GovukForm):
    """A form that asks for an action, which may refuse it."""

    refused: ActionRefused | None = None  # why it was not done, once it was sent

    def refuse(self, refused: ActionRefused) -> None:
        """Say why it was not done, at the field concerned."""
        self.refused = refused
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class KeyedForm(ActingForm):
    """A form with a key of its own, the same when it is shown again: pressing twice acts once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def sent_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key


class Sent(TypedDict):
    """What a form about a referral was opened on, as an action takes it."""

    version: int
    key: UUID


class ReferralForm(KeyedForm):
    """A form about one referral, which carries the version that it was opened on.

    `changed_since` is set when somebody else was faster: the version the form was opened on.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    changed_since: int | None = None

    def __init__(
        self, *args: Any, referral: Referral, key: UUID | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.fields["version"].initial = referral.version
        if key:
            self.fields["key"].initial = key

    @property
    def sent(self) -> Sent:
        return {"version": self.cleaned_data["version"], "key": self.sent_key}

    def open_anew(self, since: int) -> None:
        """Show the same words on the referral as it now is: pressing again sends them."""
        self.changed_since = since
        sent = cast(QueryDict, self.data).copy()
        sent[self.add_prefix("version")] = str(self.present_version())
        self.data = sent

    def present_version(self) -> int:
        self.referral.refresh_from_db(fields=["version"])
        return self.referral.version

    def typed(self) -> list[str]:
        """What was typed, a line a question: one side of a conflict."""
        answers = [(field, self.cleaned_data.get(field.name)) for field in self.visible_fields()]
        return [f"{f.label}: {in_words(f.field, answer)}" for f, answer in answers if answer]


def act(form: ActingForm, do: Callable[[], object]) -> bool:
    """Do it; where it is refused, say so on the form, at the field concerned, and answer False.

    When somebody else changed the referral meanwhile, a `ReferralForm` is opened anew on the
    present version and keeps its text; see `changed_since`.
    """
    try:
        do()
    except ChangedMeanwhile as changed:
        if not isinstance(form, ReferralForm):
            raise
        form.open_anew(changed.version)
        form.add_error(None, f"{changed} Look at what was saved, then send this again.")
    except ActionRefused as refused:
        form.refuse(refused)
    else:
        return True
    return False


def in_words(field: forms.Field, answer: Any) -> str:
    """An answer as a person would say it."""
    if isinstance(answer, datetime):
        return exact(answer)
    if isinstance(answer, date):
        return f"{answer.day} {answer:%B %Y}"
    if isinstance(answer, time):
        return f"{answer:%H:%M}"
    if isinstance(field, forms.ChoiceField):
        chosen = answer if isinstance(answer, list) else [answer]
        labels = dict(_flat(cast(Iterable[Any], field.choices)))
        return ", ".join(str(labels.get(str(each), each)) for each in chosen)
    return "yes" if answer is True else str(answer)


def _flat(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Choices without their groups."""
    for value, label, *_ in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)
