"""The guides name what is on the screen, in the words of the screen; and lead somewhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.html import strip_tags

from nrm_tracker.ui.guides import FIRST, FOLDER, PICTURES, anchor
from tests import factories
from tests.house.source import ROOT, modules
from tests.journeys.pictures import WAYS
from tests.support import signed_in_client

NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"(!?)\[[^]]*\]\(([^)]+)\)")
ADDRESS = re.compile(r"`(/[^`]*)`")
OURS = [name for name, picture in WAYS.items() if picture.folder == FOLDER / PICTURES]
BYTES = 2_000_000  # of all pictures together


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def links(name: str, *, pictures: bool) -> list[str]:
    return [to for mark, to in LINK.findall(text_of(name)) if bool(mark) is pictures]


def anchors(name: str) -> set[str]:
    return set(map(anchor, re.findall(r"^## (.+)$", text_of(name), re.MULTILINE)))


@cache
def on_screen() -> frozenset[str]:
    """Every whole text that a template or a sentence of the code can put on a page."""
    return frozenset(" ".join(text.split()) for text in (*_of_templates(), *_of_code()))


def _of_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        html = path.read_text()
        for piece in re.split(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", html):
            yield unescape(piece).strip(" :.,(")
            yield unescape(piece).strip()
        for tag in re.findall(r"\{%.*?%\}", html):
            yield from re.findall(r'"([^"]+)"', tag)


def _of_code() -> Iterator[str]:
    for module in modules():
        if "demonstration" in module.path:
            continue
        for node in module.nodes(ast.Constant):
            if isinstance(node.value, str):  # type: ignore[attr-defined]
                yield node.value  # type: ignore[attr-defined]
                yield f"{node.value}?"  # type: ignore[attr-defined] # risks are asked about so


@pytest.mark.parametrize("name", NAMES)
def test_words_in_bold_stand_on_the_screen(name: str) -> None:
    said = {" ".join(words.split()).rstrip(".") for words in BOLD.findall(text_of(name))}
    missing = {words for words in said if not {words, f"{words}."} & on_screen()}
    assert missing == set()


def test_a_label_that_does_not_exist_is_found() -> None:
    assert {"Log a new referral", "Still being exploited?", "Take this up"} <= on_screen()
    assert not {"Log a referral now", "Take up this", "Log a new"} & on_screen()


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_leads_to_guides_and_places_that_exist(name: str) -> None:
    lost = []
    for to in links(name, pictures=False):
        target, _, part = to.partition("#")
        other = target.removesuffix(".md") or name
        if other not in NAMES or (part and part not in anchors(other)):
            lost.append(to)
    for address in ADDRESS.findall(text_of(name)):
        try:
            resolve(address)
        except Resolver404:
            lost.append(address)
    assert lost == []


def test_the_list_names_every_guide() -> None:
    listed = {to.removesuffix(".md") for to in links(FIRST, pictures=False)}
    assert sorted(listed | {FIRST}) == NAMES


def test_the_command_makes_the_pictures_of_the_guides_and_no_others() -> None:
    named = {to for name in NAMES for to in links(name, pictures=True)}
    made = {f"{PICTURES}{name}.png" for name in OURS}
    assert named == made


def test_the_pictures_are_there_and_small() -> None:
    pictures = {path.stem: path.stat().st_size for path in (FOLDER / PICTURES).iterdir()}
    assert set(pictures) == set(OURS)
    assert sum(pictures.values()) < BYTES


# In the product


@pytest.fixture
def ash(riverside: factories.Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


@pytest.mark.parametrize("name", NAMES)
def test_every_guide_is_read_in_the_product(ash: Client, name: str) -> None:
    page = ash.get(reverse("help") if name == FIRST else reverse("guide", args=[name]))
    title = text_of(name).splitlines()[0].removeprefix("# ")
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in unescape(page.text)
    assert f"<title>{title} – NRM Tracker</title>" in unescape(" ".join(page.text.split()))
    assert ".md" not in strip_tags(page.text)
    assert not re.search(r'href="[^"]*\.md', page.text)
    for picture in links(name, pictures=True):
        assert f'src="/static/guides/{picture.removeprefix(PICTURES)}"' in page.text


@pytest.mark.parametrize("name", ["nothing", "..", "../day", "README.md"])
def test_there_is_no_other_guide(ash: Client, name: str) -> None:
    assert ash.get(f"/help/{name}/").status_code == 404


def test_a_foot_of_a_page_leads_to_the_guides_once_somebody_is_signed_in(ash: Client) -> None:
    assert f'href="{reverse("help")}"' in ash.get("/today/").text
    assert f'href="{reverse("help")}"' not in Client().get("/accounts/login/").text
    assert Client().get(reverse("help")).status_code == 302
