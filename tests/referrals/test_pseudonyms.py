"""The words that stand for people."""

import pytest

from referrals.errors import NotAPseudonym
from referrals.models import Referral
from referrals.pseudonyms import WORDS, free_words, read_word

FIRST_NAMES = (
    "Amber Angel Ash Aspen Avon Basil Bay Beryl Bruno Cedar Clay Clyde Coral Crystal Daisy Dale"
    " Dee Derwent Don Dove Drake Dylan Emerald Fern Finch Flint Galena Garnet Gemma Glen Hazel"
    " Heather Holly Iris Ivy Jade Jasmine Jasper Jay Jordan Juniper Kelvin Lark Laurel Lily Linden"
    " Linnet Lotus Maple Martin Merle Merlin Mica Myrtle Olive Onyx Opal Paloma Pearl Peregrine"
    " Phoenix Raven Robin Rock Rose Rosemary Rowan Ruby Sage Serin Shannon Sienna Sky Stone Tamar"
    " Teal Trent Violet Willow Wren"
)


def test_there_are_a_few_hundred_different_words() -> None:
    assert len(WORDS) == len({word.casefold() for word in WORDS}) >= 250


def test_no_word_is_a_first_name() -> None:
    assert set(FIRST_NAMES.split()) & set(WORDS) == set()


def test_every_word_and_pair_is_plain_and_fits() -> None:
    longest = sorted(WORDS, key=len)[-2:]
    assert all(word.isascii() and word.isalpha() and word.istitle() for word in WORDS)
    assert len(" ".join(longest)) <= Referral._meta.get_field("pseudonym").max_length


def test_free_words_are_not_taken() -> None:
    taken = set(WORDS[5:])
    assert set(free_words(taken, number=5)) == set(WORDS[:5])


def test_two_words_are_offered_when_single_ones_run_out() -> None:
    offered = free_words(WORDS[1:], number=3)
    assert offered[0] == WORDS[0]
    assert [len(set(pair.split())) for pair in offered[1:]] == [2, 2]
    assert [read_word(pair) for pair in offered] == offered


@pytest.mark.parametrize("typed", ["heron", " HERON ", "Heron"])
def test_a_word_is_read_as_we_write_it(typed: str) -> None:
    assert read_word(typed) == "Heron"


@pytest.mark.parametrize("typed", ["", " ", "Sarah", "Heron Heron", "Heron Birch Slate", "Heron1"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(NotAPseudonym, match="a real name must not stand here"):
        read_word(typed)
