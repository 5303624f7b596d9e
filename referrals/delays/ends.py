"""What ends a rule's waits, as far as it occurs on a timeline."""

from dataclasses import dataclass

from referrals.delays.threshold import Threshold


@dataclass(frozen=True, slots=True)
class Ends:
    """A rule's end events, those keys only that occur on the timeline."""

    ends: tuple[str, ...]
    dated_ends: tuple[str, ...]
    birthday_ends: tuple[str, ...]
    same_organisation: tuple[str, ...]
    until_next: tuple[str, ...]
    special: bool
    any: bool

    @classmethod
    def of(cls, threshold: Threshold, keys: frozenset[str]) -> "Ends":
        def present(group: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(key for key in group if key in keys)

        dated, birthday = present(threshold.dated_ends), present(threshold.birthday_ends)
        same = present(threshold.same_organisation)
        special = bool(dated or birthday)
        ends, later = present(threshold.ends), present(threshold.until_next)
        some = bool(ends or later or same or special)
        return cls(ends, dated, birthday, same, later, special, some)
