"""The vendored files are as their publishers made them; nothing is there that we may not use."""

from hashlib import sha256
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
LINES = (Path(__file__).parent / "vendor.sha256").read_text().splitlines()
HASHES = {name: digest for digest, name in map(str.split, LINES)}


@pytest.mark.parametrize("name", HASHES)
def test_vendored_file_is_unaltered(name):
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == HASHES[name]


def test_nothing_else_is_vendored():
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    licences = {f"{Path(name).parent}/LICENSE.txt" for name in HASHES}
    assert found == {*HASHES, *licences, "README.md"}


def test_no_typeface_no_crown_no_logo():
    kinds = {path.suffix for path in VENDOR.parent.rglob("*") if path.is_file()}
    assert kinds <= {".css", ".csv", ".js", ".map", ".md", ".svg", ".txt"}
