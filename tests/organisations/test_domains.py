"""An e-mail address is of a domain letter by letter, or it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domains import NotADomain, NotAnAddress, address, domain, domain_of

OURS = "riverside.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ash@Riverside.Example", "ash@riverside.example"),
        (" ash@riverside.example ", "ash@riverside.example"),
        ("ash@bücher.example", "ash@xn--bcher-kva.example"),
        ("ash@BÜCHER.example", "ash@xn--bcher-kva.example"),
        ("ash@xn--bcher-kva.example", "ash@xn--bcher-kva.example"),
        ("ash+nrm@riverside.example", "ash+nrm@riverside.example"),
    ],
)
def test_an_address_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "riverside.example",
        "@riverside.example",
        "ash@",
        "ash@riverside",
        "ash@ｒiverside.example",  # full width
        "ash@riverſide.example",  # a long s
        "ash@riverside.example\u3002net",  # an ideographic full stop
        "ash@thin\u212a.example",  # the sign for kelvin
        "ash@strasse\u00df.example",
        "ash@river side.example",
        "ash@river\u200bside.example",  # no width
        "ash@river\u202eside.example",  # written the other way
        "ash@-riverside.example",
        "ash@riverside..example",
        "ash@127.0.0.1",
        '"ash@evil.example"@riverside.example',
        "ash@evil.example@riverside.example",
        "ash\nbcc:x@riverside.example",
        "аsh@riverside.example",  # a Cyrillic a
    ],
)
def test_what_only_looks_like_an_address_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        address(typed)


def test_a_look_alike_of_our_domain_is_another_domain() -> None:
    cyrillic = domain_of(address("ash@rivеrsidе.example"))
    assert cyrillic.startswith("xn--")
    assert cyrillic != OURS


def test_a_part_of_a_domain_is_not_the_domain() -> None:
    found = [domain_of(address(f"ash@{each}")) for each in (f"mail.{OURS}", f"evil{OURS}")]
    assert OURS not in found


@given(st.text(min_size=1, max_size=30))
def test_nothing_but_our_own_letters_becomes_our_domain(text: str) -> None:
    """Whatever somebody types: what is read as our domain is our domain, but for capitals."""
    for typed in (text, f"{text}{OURS}", f"{OURS}{text}", OURS.replace("s", text, 1)):
        try:
            found = domain(typed)
        except NotADomain:
            continue
        assert (found == OURS) == (typed.isascii() and typed.lower() == OURS)
        assert domain(found) == found
        assert found.isascii()


@given(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(0, 0x10FFFF))
def test_no_other_letter_is_read_as_one_of_ours(letter: str, code: int) -> None:
    other = chr(code)
    try:
        found = domain(OURS.replace("v", other))
    except NotADomain:
        return
    assert (found == OURS) == (other in "vV")
