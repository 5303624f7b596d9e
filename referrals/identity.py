"""Who a person is, as values, and how it goes into its sealed record and out again."""

import re
from dataclasses import asdict, dataclass, fields

from nrm_tracker import sealing
from nrm_tracker.sealing import Place, new_key, seal, unseal, unwrap, wrap
from referrals.models import Survivor, SurvivorKey

TABLE, KEYS = "referrals_survivor", "referrals_survivorkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What says who somebody is; "" where it is not known. `born_on` is an ISO date."""

    given_names: str = ""
    family_name: str = ""
    aliases: str = ""
    born_on: str = ""
    nationality: str = ""
    languages: str = ""
    telephone: str = ""
    email: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "Identity(...)"  # never in a log or an error page

    def says(self, word: str) -> bool:
        """Whether a word, or one of several, stands in anything that says who this is."""
        return not _words(word).isdisjoint(_words(" ".join(asdict(self).values())))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


SEALED = tuple(field.name for field in fields(Identity))


def key_for(survivor: Survivor) -> tuple[SurvivorKey, bytes]:
    """A new key for a survivor: its row, to be saved, and what seals."""
    key = new_key()
    master, wrapped = wrap(key, place=_place_of_key(survivor))
    return SurvivorKey(survivor=survivor, master=master, wrapped=wrapped), key


def opened(key: SurvivorKey) -> bytes | None:
    """The key again; None where it was erased."""
    if key.wrapped is None:
        return None
    place = _place_of_key(key.survivor)
    return unwrap(bytes(key.wrapped), master=key.master, place=place)


def rewrap(key: SurvivorKey) -> None:
    """Under the present master key from now on; what it sealed stays as it is."""
    if key.wrapped is not None:
        place = _place_of_key(key.survivor)
        key.master, key.wrapped = sealing.rewrap(bytes(key.wrapped), master=key.master, place=place)


def put(survivor: Survivor, identity: Identity, *, key: bytes) -> None:
    """Seal every field into the row, which is to be saved."""
    for name, text in asdict(identity).items():
        sealed = seal(text, key=key, place=_place(survivor, name)) if text else None
        setattr(survivor, name, sealed)


def read(survivor: Survivor, *, key: bytes) -> Identity:
    stored = {name: getattr(survivor, name) for name in SEALED}
    return Identity(
        **{
            name: unseal(bytes(sealed), key=key, place=_place(survivor, name))
            for name, sealed in stored.items()
            if sealed is not None
        }
    )


def _place(survivor: Survivor, column: str) -> Place:
    return Place(TABLE, column, survivor.pk)


def _place_of_key(survivor: Survivor) -> Place:
    return Place(KEYS, "wrapped", survivor.pk)
