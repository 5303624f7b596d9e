"""Who acts: a member who is signed in, or a command at the shell that acts for an organisation."""

from dataclasses import dataclass

from audit.models import Actor as Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command at the shell, for an organisation (id); no person stands in the record."""

    organisation_id: int
    user_id: None = None
