"""A list of local authorities or police forces, as a CSV file: read, and beside the register."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Lower

from organisations.domains import NotADomain, domain
from organisations.models import Nation, Organisation
from organisations.scope import Kind

COLUMNS = ("name", "kind", "nations", "email_domains", "duty_to_notify", "designated_from")
MOST = 2000  # lines; 526 entries stand on the Home Office's form
LONGEST_NAME = 200
YES_NO = {"yes": True, "no": False}
WORDS = {
    "kind": "kind",
    "nations": "nations",
    "email_domains": "e-mail domains",
    "duty_to_notify": "Duty to Notify",
}


class NotSuchAFile(Exception):
    """`problems` say line by line what to change."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One organisation. A fact that the file leaves empty is None: the register's stays."""

    number: int
    name: str
    kind: str | None
    nations: list[str] | None
    email_domains: list[str] | None
    duty_to_notify: bool | None
    designated_from: date | None

    def facts(self) -> dict[str, object]:
        return {name: value for name in WORDS if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Compared:
    """A line beside the register: the entry of its name, and which facts would change."""

    line: Line
    there: Organisation | None
    changes: tuple[tuple[str, str, str], ...]  # which fact, the register's, the file's


def read_lines(text: str) -> list[Line]:
    """Raises NotSuchAFile."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if missing := {"name", "kind"} - set(rows.fieldnames or ()):
        raise NotSuchAFile([f"The first line lacks the column “{m}”" for m in sorted(missing)])
    problems: list[str] = []
    lines = [line for row in rows if (line := _line(row, rows.line_num, problems))]
    names = [line.name.casefold() for line in lines]
    problems += [f"“{n}” stands twice" for n in sorted({n for n in names if names.count(n) > 1})]
    if not lines and not problems:
        problems = ["There is no organisation in this file"]
    if len(lines) > MOST:
        problems = [f"These are more than {MOST:,} lines. Split the file"]
    if problems:
        raise NotSuchAFile(problems)
    return lines


def compare(lines: Sequence[Line]) -> list[Compared]:
    by_name = {
        row.name.casefold(): row
        for row in Organisation.objects.annotate(lower=Lower("name")).filter(
            lower__in=[line.name.lower() for line in lines]
        )
    }
    return [_compared(line, by_name.get(line.name.casefold())) for line in lines]


def fingerprint(found: Sequence[Compared]) -> str:
    """What a preview showed, so that what is loaded is what was seen."""
    shown = [(each.line, each.there and each.there.pk, each.changes) for each in found]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _compared(line: Line, there: Organisation | None) -> Compared:
    changes = [
        (WORDS[name], in_words(getattr(there, name)), in_words(value))
        for name, value in line.facts().items()
        if there is not None and getattr(there, name) != value
    ]
    return Compared(line, there, tuple(changes))


def in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value)) or "not known"


def _line(row: dict[str, str | None], number: int, problems: list[str]) -> Line | None:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not any(cells.values()):
        return None
    found: list[str] = []
    line = Line(
        number=number,
        name=_name(cells["name"], found),
        kind=_one_of(cells["kind"], Kind.values, "kind", found),
        nations=_nations(cells["nations"], found),
        email_domains=_domains(cells["email_domains"], found),
        duty_to_notify=YES_NO.get(_one_of(cells["duty_to_notify"], YES_NO, "answer", found) or ""),
        designated_from=_day(cells["designated_from"], found),
    )
    problems += [f"Line {number}: {problem}" for problem in found]
    return line


def _name(name: str, problems: list[str]) -> str:
    if not name:
        problems.append("enter the name")
    if len(name) > LONGEST_NAME:
        problems.append(f"the name is longer than {LONGEST_NAME} letters")
    return name


def _domains(cell: str, problems: list[str]) -> list[str] | None:
    words = _words(cell)
    for word in words or ():
        try:
            domain(word)
        except NotADomain:
            problems.append(f"“{word}” is no domain: write it like example.org.uk")
            return None
    return [domain(word) for word in words] if words is not None else None


def _one_of(
    word: str, known: Sequence[str] | dict[str, bool], what: str, problems: list[str]
) -> str | None:
    if word and word not in known:
        problems.append(f"“{word}” is no {what}: write one of {', '.join(known)}")
    return word or None


def _nations(cell: str, problems: list[str]) -> list[str] | None:
    words = _words(cell)
    for word in words or ():
        _one_of(word, Nation.values, "nation", problems)
    return words


def _words(cell: str) -> list[str] | None:
    return [word.lower() for word in cell.replace(";", " ").replace(",", " ").split()] or None


def _day(cell: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        problems.append(f"“{cell}” is no date: write it like 2026-04-21")
        return None
