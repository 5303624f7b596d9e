"""Finding somebody by name though names are sealed: a blind index.

Each part of a name, and the date of birth, leaves a value that only somebody with a master key can
make again. The key is another one for each organisation: the same name has another value in each,
so that nothing can be matched across them, in a dump of the database either.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nrm_tracker.sealing import derived_keys
from referrals.identity import Identity

# Letters that no accent makes, as people without them type them; and letters that keyboards for
# Arabic, Persian and Kurdish write in two ways. Transliteration is not promised: a name in another
# script is found as it was written down.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"}
    | {"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ـ": ""}
)
APOSTROPHES = "'’‘ʼ`´"
# Marks that are letters rather than accents: vowel signs, the Indic nukta and virama, the voiced
# sound mark of Japanese. By their canonical combining class.
LETTERS = {0, 7, 8, 9}
# So many people have one of these that it says nothing of who somebody is.
PARTICLES = frozenset({"al", "el", "ul", "bin", "bint", "ibn", "ben", "abu"}) | frozenset(
    {"de", "da", "di", "do", "du", "dos", "das", "del", "la", "le", "van", "von", "der", "den"}
)
NAME, BORN = "name", "born"


def parts_of(text: str) -> set[str]:
    """The parts of a name however it is written: no case, no accents, no order. Apostrophes join
    what they stand between, all other punctuation parts it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(map(_kept, unicodedata.normalize("NFKD", plain)))
    return set(letters.translate(PLAIN).split())


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind[0] in "LN":
        return letter
    if kind[0] == "M":
        return letter if unicodedata.combining(letter) in LETTERS else ""
    return "" if kind == "Cf" or letter in APOSTROPHES else " "


@dataclass(frozen=True, slots=True)
class Sought:
    """The values of one part of a name, or of a date of birth: one under each master key."""

    values: tuple[bytes, ...]
    is_particle: bool = False


class BlindIndex:
    """The values of one organisation's index."""

    def __init__(self, organisation: int) -> None:
        self.keys = derived_keys(f"nrm-tracker names of organisation {organisation}")

    @property
    def master(self) -> str:
        """The master key, by name, under which values are written now."""
        return next(iter(self.keys))

    def written(self, identity: Identity) -> list[tuple[str, bytes]]:
        """Kind and value of all that an identity is found by, under the present master key."""
        said = [(NAME, part) for part in sorted(parts_of(names_of(identity)))]
        if identity.born_on:
            said.append((BORN, identity.born_on))
        key = self.keys[self.master]
        return [(kind, _value(key, kind, text)) for kind, text in said]

    def names(self, text: str) -> Iterator[Sought]:
        """What to look for, for each part of a name."""
        for part in sorted(parts_of(text)):
            yield Sought(self._values(NAME, part), is_particle=part in PARTICLES)

    def birthday(self, born_on: str) -> Sought:
        """What to look for, for a date of birth (ISO)."""
        return Sought(self._values(BORN, born_on))

    def _values(self, kind: str, text: str) -> tuple[bytes, ...]:
        return tuple(_value(key, kind, text) for key in self.keys.values())


def names_of(identity: Identity) -> str:
    return f"{identity.given_names} {identity.family_name} {identity.aliases}"


def _value(key: bytes, kind: str, text: str) -> bytes:
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).digest()
