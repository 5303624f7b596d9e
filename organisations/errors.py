"""What the register refuses, in words that say what to do."""


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
    """The person cannot be made a member of the organisation in that role."""
