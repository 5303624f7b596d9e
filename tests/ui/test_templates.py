"""The content policy allows nothing inline, and nothing typed by a person may pass unescaped."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates", *(ROOT / app / "templates" for app in ("nrm_tracker/ui",))]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "foreign origin": re.compile(r"(?:src|<link[^>]*href)=[\"']?(?:https?:)?//", re.IGNORECASE),
}
ALLOWED = {
    # square codes of the second factor: drawn by the library from the secret, typed by nobody
    "unescaped text": [
        "templates/mfa/totp/activate_form.html",
        "templates/organisations/demonstration.html",
    ],
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_hold_none(what):
    found = [str(p.relative_to(ROOT)) for p in TEMPLATES if FORBIDDEN[what].search(p.read_text())]
    assert found == ALLOWED.get(what, [])


def test_templates_are_found():
    assert len(TEMPLATES) > 20
