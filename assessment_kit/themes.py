"""Names that mean the same: "Restart the stuck import", "restarting stuck imports", "Restart import that is stuck".

Teams write down the same task in words of their own. To see what several of them share, a name is cut down to its
telling words: letters without case and accents, without small words, with endings off. Two names are near-identical
when they share at least two of these words and two thirds of all they have together; a single word has to be the same.

Plain and on purpose: comparing letters (edit distance) would call "restart the import" and "restart the export" nearly
the same, and would need a library. What was put together is shown with every wording, for a person to judge.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Words that say nothing about what is done. "By hand" is how all of it is done.
_SMALL = frozenset(
    "a an the this that these those some of for to in into on onto at by with from and or & is are was be been being it"
    " its their our we they them which who up out down off again all any each every manually manual hand hands".split()
)

#: Share of all words of two names that they must have in common. Below it, "check the import" meets "check the mail".
NEAR = 2 / 3
#: How many words they must have in common at least.
LEAST_WORDS = 2

#: A name is judged by its first words: what comes later in a long one is a story.
MOST_WORDS = 24

_WORD = re.compile(r"[^\W_]+")
_AGAIN = re.compile(r"\bre-(?=[a-z])")  # re-run is rerun


def telling_words(name: str) -> tuple[str, ...]:
    """Return the words that tell names apart, in their order; the whole name where there are none."""
    plain = unicodedata.normalize("NFKD", name[:1000]).casefold()
    plain = _AGAIN.sub("re", "".join(char for char in plain if not unicodedata.combining(char)))
    words = [word for word in _WORD.findall(plain) if word not in _SMALL][:MOST_WORDS]
    return tuple(map(_without_ending, words)) or (" ".join(plain.split()),)


def _without_ending(word: str) -> str:
    """Take an English ending off: a plural, -ing, -ed. Both of two words lose it, so the rest need not be a word."""
    if not word.isascii() or len(word) < 4:
        return word
    for ending, instead in (("ies", "y"), ("ied", "y")):
        if word.endswith(ending) and len(word) > 4:
            return word[:-3] + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
                word = word[:-1]  # stopping
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@dataclass(frozen=True)
class Group:
    """Names that mean the same.

    Attributes
    ----------
    name
        The wording that most use; of several, the shortest.
    wordings
        All of them, the most used first.
    """

    name: str
    wordings: tuple[str, ...]


def group_names(names: Iterable[str]) -> tuple[Group, ...]:
    """Return the names in groups of near-identical ones, the most frequent group first.

    Every group has one wording that the others are compared with, the most frequent one. So a chain of small steps does
    not lead from one meaning to another, and the result does not depend on the order of the names.

    Parameters
    ----------
    names
        As often as they were said.
    """
    said = Counter(names)
    by_words: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in said:
        by_words[frozenset(telling_words(name))].append(name)
    weight = {words: sum(said[name] for name in found) for words, found in by_words.items()}
    common = Counter(word for words in by_words for word in words)
    leaders: dict[frozenset[str], list[frozenset[str]]] = {}
    leading: dict[str, list[frozenset[str]]] = defaultdict(list)
    for words in sorted(by_words, key=lambda words: (-weight[words], sorted(words))):
        rarest = _rarest(words, common)
        leader = _nearest(words, {other for word in rarest for other in leading.get(word, ())})
        if leader is not None:
            leaders[leader].append(words)
            continue
        leaders[words] = [words]
        for word in rarest:
            leading[word].append(words)
    groups = [_group([name for words in members for name in by_words[words]], said) for members in leaders.values()]
    return tuple(sorted(groups, key=lambda group: (-sum(said[name] for name in group.wordings), group.name)))


def _rarest(words: frozenset[str], common: Mapping[str, int]) -> list[str]:
    """Return the rarest words of a name, as many as near-identical names must share one of.

    Of n words at least NEAR x n are shared, so one of any n - NEAR x n + 1 is. The rarest are shared with the fewest
    others: ten thousand tasks that all begin with "check" are not compared with one another.
    """
    must_share = math.ceil(NEAR * len(words) - 1e-9)
    return sorted(words, key=lambda word: (common[word], word))[: len(words) - must_share + 1]


def _nearest(words: frozenset[str], others: Iterable[frozenset[str]]) -> frozenset[str] | None:
    near = []
    for other in others:
        shared = len(words & other)
        likeness = shared / len(words | other)
        if shared >= LEAST_WORDS and likeness >= NEAR:
            near.append((-likeness, sorted(other), other))
    return min(near, key=lambda found: found[:2])[2] if near else None


def _group(names: list[str], said: Mapping[str, int]) -> Group:
    ordered = sorted(names, key=lambda name: (-said[name], len(name), name))
    return Group(ordered[0], tuple(ordered))
