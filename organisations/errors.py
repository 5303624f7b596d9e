"""What the register refuses, in words that say what to do."""

from organisations.models import Nation, RestDay


class RegisterRefused(Exception):
    """`field` is the form field that it concerns, if one does."""

    field: str | None = None


class ChangedMeanwhile(RegisterRefused):
    """Somebody else changed the entry after the form was opened; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "Somebody else changed this entry while you were writing. Your answers are kept: "
            "compare them with the entry as it is now, then save again."
        )
        self.version = version


class NameTaken(RegisterRefused):
    field = "name"


class NoSuchStep(RegisterRefused):
    """The step does not follow from what the register says on that date."""

    field = "effective_from"


class NotAMember(RegisterRefused):
    """The person cannot be made a member of the organisation in that role, or is none."""


class NotTheirDomain(RegisterRefused):
    """The address is in none of the organisation's e-mail domains."""

    field = "email"


class InvitedAlready(RegisterRefused):
    field = "email"


class NotThatRole(RegisterRefused):
    """The role does not go with the organisation, or is not given by this person."""

    field = "role"


class NobodyElse(RegisterRefused):
    """Nobody would be left who may invite, change and end members."""


class NotOneself(RegisterRefused):
    """Nobody changes their own role, or ends their own membership."""


class LinkRefused(RegisterRefused):
    """The link of an invitation was used, revoked or replaced, or has run out."""


class RestsAlready(RegisterRefused):
    """The day is a bank holiday there already."""

    field = "day"

    def __init__(self, there: RestDay) -> None:
        super().__init__(
            f"{there.day:%-d %B %Y} is a bank holiday already: {there.name}, in "
            f"{', '.join(Nation(nation).label for nation in there.nations)}. "
            "Choose another day, or only nations that lack it."
        )


class WithdrawnAlready(RegisterRefused):
    def __init__(self, rest_day: RestDay) -> None:
        super().__init__(f"{rest_day} has been withdrawn already, or withdraws another.")


class TwoNeeded(RegisterRefused):
    """One person alone cannot do this."""


class RecordedByYou(RegisterRefused):
    """Whoever recorded it does not confirm it."""


class RecordedByOthers(RegisterRefused):
    """Only whoever recorded it may do this."""


class WaitsAlready(RegisterRefused):
    """A designation of the organisation waits to be confirmed."""


class AlreadySettled(RegisterRefused):
    """It was confirmed or withdrawn meanwhile."""


class NothingToSettle(RegisterRefused):
    """No list names the organisation."""


class ThereAlready(RegisterRefused):
    """The register has it."""

    field = "value"


class NothingSaidYet(RegisterRefused):
    """Only what was said before can be said again."""


class DateHasPassed(RegisterRefused):
    """What was said does not hold any longer by its own dates."""

    field = "next_free_on"


class ModuleThere(RegisterRefused):
    """A training module of that name is offered already."""

    field = "name"


class NotTheirs(RegisterRefused):
    """A training module that somebody else keeps."""
