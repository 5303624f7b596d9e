"""References such as R-7KQ2-M9XD: random, readable aloud, without characters that are confused."""

import re
import secrets

ALPHABET = "234679CDFHJKMNPQRTWXY"  # no vowels, so no words; no 0 O 1 I L 5 S 8 B
PATTERN = re.compile(rf"R-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def new_reference() -> str:
    """One of 21^8, about 38 thousand million; the table's unique constraint has the last word."""
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2))
    return f"R-{first}-{second}"


NUMBER = re.compile(rf"P(-[{ALPHABET}]{{4}}){{3}}")


def new_number() -> str:
    """Of a proof of wait: one of 21^12, so that nobody finds one by trying."""
    return "-".join(["P", *("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))])


def read_number(text: str) -> str:
    """What somebody typed from a paper, as the number of a proof; else ""."""
    letters = "".join(text.upper().split()).replace("-", "")
    number = "-".join([letters[:1], letters[1:5], letters[5:9], letters[9:]])
    return number if NUMBER.fullmatch(number) else ""


class ReferenceInPath:
    """A reference in an address: whatever does not look like one leads nowhere."""

    regex = PATTERN.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def read_reference(text: str) -> str:
    """What somebody typed, as a reference: capitals, spaces and hyphens do not matter; else ""."""
    letters = "".join(text.upper().split()).replace("-", "")
    reference = f"R-{letters[1:5]}-{letters[5:]}" if letters.startswith("R") else ""
    return reference if PATTERN.fullmatch(reference) else ""
