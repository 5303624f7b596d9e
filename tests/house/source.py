"""Our own source, as trees to search."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "audit", "organisations", "referrals", "reporting")
PACKAGES = ("nrm_tracker", *APPS)


@dataclass(frozen=True)
class Module:
    path: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{node.lineno}: {ast.unparse(node)[:80]}"  # type: ignore[attr-defined]


@cache
def modules() -> tuple[Module, ...]:
    """All but the migrations."""
    files = sorted(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))
    return tuple(
        Module(str(file.relative_to(ROOT)), ast.parse(file.read_text()))
        for file in files
        if "migrations" not in file.parts
    )


def views() -> tuple[Module, ...]:
    return tuple(m for m in modules() if "views" in m.path.removesuffix(".py").split("/"))


def read_side() -> tuple[Module, ...]:
    """What a request may reach a row by: views, forms, what pages show, the dashboard."""
    rooms = {"views", "forms", "pages", "context"}
    return tuple(
        m
        for m in modules()
        if rooms & set(m.path.removesuffix(".py").split("/")) or m.path.startswith("reporting/")
    )
