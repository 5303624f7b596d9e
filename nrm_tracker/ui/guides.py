"""The guides of `docs/guides`, for those who have a browser and no source code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = settings.BASE_DIR / "docs" / "guides"
FIRST = "README"  # the list of the guides
PICTURES = "pictures/"
CLASSES = {
    "h1": "govuk-heading-l",
    "h2": "govuk-heading-m",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet govuk-list--spaced",
    "ol": "govuk-list govuk-list--number govuk-list--spaced",
    "a": "govuk-link",
    "img": "app-guide__picture",
}


@dataclass(frozen=True, slots=True)
class Guide:
    title: str
    html: SafeString


@cache
def guide(name: str) -> Guide | None:
    """Raw HTML in the text stays text: the parser passes none on."""
    path = FOLDER / f"{name}.md"
    if path not in FOLDER.glob("*.md"):
        return None
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(path.read_text())
    for token in _all(tokens):
        _dress(token)
    for heading, inside in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            heading.attrSet("id", anchor(inside.content))
    html = parser.renderer.render(tokens, parser.options, {})
    return Guide(tokens[1].content, mark_safe(html))  # noqa: S308 - ours, and escaped by the parser


def anchor(heading: str) -> str:
    """As GitHub names it, so that a link into a guide leads there in both places."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _dress(token: Token) -> None:
    if token.nesting >= 0 and token.tag in CLASSES:
        token.attrSet("class", CLASSES[token.tag])
    if token.tag == "img":
        token.attrSet("loading", "lazy")
    for name, lead in LEADS.items():
        if address := token.attrGet(name):
            token.attrSet(name, lead(str(address)))


def _page(address: str) -> str:
    """Another guide, where a link names one."""
    name, dot, rest = address.partition(".md")
    if not dot or "/" in name:
        return address
    return (reverse("help") if name == FIRST else reverse("guide", args=[name])) + rest


def _picture(address: str) -> str:
    return static(f"guides/{address.removeprefix(PICTURES)}")


LEADS: dict[str, Callable[[str], str]] = {"href": _page, "src": _picture}
