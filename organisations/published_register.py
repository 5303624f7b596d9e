"""What published sources say of First Responder Organisations, as the file beside this has it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REGISTER = Path(__file__).with_name("register_2026.toml")
Value = list[str] | str | bool  # as the register's own column holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSaid:
    code: str
    name: str
    source: str
    dated: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSaid:
    field: str
    value: Value
    source: str
    dated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSaid:
    kind: str
    value: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSaid:
    """`lists` and `notes` are by the code of the list; `aliases` name and where it is used."""

    name: str
    kind: str
    is_group: bool = False
    is_statutory: bool = False
    succeeded_by: str = ""
    aliases: Sequence[Mapping[str, str]] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[FactSaid, ...] = ()
    routes: tuple[RouteSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedRegister:
    lists: tuple[ListSaid, ...]
    organisations: tuple[OrganisationSaid, ...]


def published_register(path: Path = REGISTER) -> PublishedRegister:
    """Raises TypeError where the file has a word that nobody reads."""
    read = tomllib.loads(path.read_text())
    return PublishedRegister(
        lists=tuple(ListSaid(**each) for each in read["list"]),
        organisations=tuple(_organisation(each) for each in read["organisation"]),
    )


def _organisation(said: dict[str, Any]) -> OrganisationSaid:
    facts = tuple(FactSaid(**each) for each in said.pop("fact", ()))
    routes = tuple(RouteSaid(**each) for each in said.pop("route", ()))
    return OrganisationSaid(**said, facts=facts, routes=routes)
