"""The life cycle of an application to become a First Responder Organisation, as tables.

No stage names were found published: these are ours, and pages say so. Only the Home Office
decides; a stage is recorded of what it, or the applicant, did.
"""

from collections.abc import Sequence

from django.db.models import TextChoices


class Stage(TextChoices):
    INTEREST = "interest", "Expression of interest"
    SUBMITTED = "submitted", "Sent to the Home Office"
    ACKNOWLEDGED = "acknowledged", "Acknowledged by the Home Office"
    CONSIDERED = "considered", "Under consideration"
    ASKED = "asked", "Further information requested"
    ANSWERED = "answered", "Further information sent"
    PAUSED = "paused", "Paused by the Home Office"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Not approved"
    WITHDRAWN = "withdrawn", "Withdrawn by the applicant"
    LAPSED = "lapsed", "Lapsed"
    NOT_SO = "not_so", "Recorded in error"


class Outcome(TextChoices):
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Not approved"
    WITHDRAWN = "withdrawn", "Withdrawn by the applicant"
    LAPSED = "lapsed", "Lapsed"
    ERROR = "error", "Recorded in error"


BEGUN = frozenset({Stage.SUBMITTED, Stage.ACKNOWLEDGED, Stage.CONSIDERED, Stage.ASKED})
SENT = BEGUN | {Stage.ANSWERED, Stage.PAUSED}
OPEN = SENT | {Stage.INTEREST}
# What a stage may follow; None: it may be the first.
FOLLOWS: dict[str, frozenset[str | None]] = {
    Stage.INTEREST: frozenset({None}),
    Stage.SUBMITTED: frozenset({None, Stage.INTEREST}),
    Stage.ACKNOWLEDGED: frozenset({Stage.SUBMITTED, Stage.PAUSED}),
    Stage.CONSIDERED: SENT - {Stage.CONSIDERED},
    Stage.ASKED: SENT - {Stage.ASKED},
    Stage.ANSWERED: frozenset({Stage.ASKED, Stage.PAUSED}),
    Stage.PAUSED: SENT - {Stage.PAUSED},
    Stage.APPROVED: OPEN,
    Stage.REFUSED: OPEN,
    Stage.WITHDRAWN: OPEN,
    Stage.LAPSED: OPEN,
}
ENDS: dict[str, str] = {
    Stage.APPROVED: Outcome.APPROVED,
    Stage.REFUSED: Outcome.REFUSED,
    Stage.WITHDRAWN: Outcome.WITHDRAWN,
    Stage.LAPSED: Outcome.LAPSED,
}
# What the applicant itself does, and may record; the rest is the register's to record.
APPLICANTS = frozenset({Stage.INTEREST, Stage.SUBMITTED, Stage.ANSWERED, Stage.WITHDRAWN})
# With each of these the Home Office said something.
HOME_OFFICES = frozenset(
    {Stage.ACKNOWLEDGED, Stage.CONSIDERED, Stage.ASKED, Stage.PAUSED, Stage.APPROVED, Stage.REFUSED}
)
# What comes next, and who has to act.
NEXT: dict[str, tuple[str, str]] = {
    Stage.INTEREST: ("The application is sent to the Home Office.", "The applicant"),
    Stage.SUBMITTED: ("The Home Office says that it has the application.", "The Home Office"),
    Stage.ACKNOWLEDGED: ("The Home Office considers the application.", "The Home Office"),
    Stage.CONSIDERED: (
        "The Home Office decides, or asks for further information.",
        "The Home Office",
    ),
    Stage.ASKED: ("The further information is sent to the Home Office.", "The applicant"),
    Stage.ANSWERED: (
        "The Home Office decides, or asks for further information.",
        "The Home Office",
    ),
    Stage.PAUSED: (
        "The Home Office takes the application up again. The days go on being counted.",
        "The Home Office",
    ),
    Stage.APPROVED: (
        "The designation is recorded in the register, and a second person confirms it.",
        "Whoever keeps the register",
    ),
    Stage.REFUSED: ("Nothing. A new application may be recorded.", "Nobody"),
    Stage.WITHDRAWN: ("Nothing. A new application may be recorded.", "Nobody"),
    Stage.LAPSED: ("Nothing. A new application may be recorded.", "Nobody"),
    Stage.NOT_SO: ("Nothing. There was no such application.", "Nobody"),
}


def misfit(stages: Sequence[str]) -> int | None:
    """The place of the first stage that cannot follow the one before it; None: all fit."""
    before: str | None = None
    for place, stage in enumerate(stages):
        if before not in FOLLOWS[stage]:
            return place
        before = stage
    return None


def following(stage: str | None) -> list[str]:
    """What may be recorded next, in the order of the life cycle."""
    return [each for each in Stage.values if stage in FOLLOWS.get(each, frozenset())]
