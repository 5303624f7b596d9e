"""The import page: what is to be mended, and the codes that the files may use."""

from collections.abc import Sequence
from dataclasses import dataclass

from nrm_tracker.ui.words import count
from organisations.models import Nation, Organisation
from referrals.catalogue import AgeGroup, ConsentType, EventCode, Outcome, Risk
from referrals.importing import Fault

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to be mended: as many as one can read, and how many there are."""

    shown: Sequence[Fault]
    title: str
    more: int


def faults_page(faults: Sequence[Fault]) -> Faults:
    return Faults(
        shown=faults[:SHOWN],
        title=f"{count(len(faults), 'thing')} to mend; nothing was imported",
        more=max(len(faults) - SHOWN, 0),
    )


@dataclass(frozen=True, slots=True)
class Codes:
    """The values that a column may have: (code, meaning)."""

    column: str
    codes: Sequence[tuple[str, str]]


def codes() -> list[Codes]:
    return [
        Codes("age_group", AgeGroup.choices),
        Codes("nation", Nation.choices),
        Codes("risk_flags", Risk.choices),
        Codes("event", [pair for pair in EventCode.choices if pair[0] != "recorded_in_error"]),
        Codes("outcome", Outcome.choices),
        Codes("consent_type", ConsentType.choices),
        Codes(
            "organisation, submitted_by",
            list(Organisation.objects.responders().order_by("name").values_list("slug", "name")),
        ),
    ]
