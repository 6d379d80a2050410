"""Words of closed sets as they are stored: one that this release does not know is read as what it is, and not believed.

A newer release, or somebody with SQL, may have written it. It compares unequal to every word that is known, so that
what depends on it is refused or left alone.
"""

from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


def read_word(words: type[Word], text: str) -> Word:
    """The word of this set, or one beside it."""
    try:
        return words(text)
    except ValueError:
        strange = str.__new__(words, text)
        strange._name_, strange._value_ = "", text
        return strange


def is_known(word: StrEnum) -> bool:
    """Whether it is a word of its set."""
    return word.name != ""


def fault_of(word: StrEnum) -> str:
    """What is wrong with a word; empty when nothing is."""
    return "" if is_known(word) else f"is “{word.value}”, which this release does not know"
