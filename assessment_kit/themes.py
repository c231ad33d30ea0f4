"""Names that mean the same: "Restart the stuck import", "restarting stuck imports", "Restart import that is stuck".

Teams write down the same task in words of their own. To see what several of them share, a name is cut down to its
telling words: letters without case and accents, without small words, with endings off. Two names are near-identical
when they share at least two of these words and two thirds of all they have together; a single word has to be the same.

Plain and on purpose: comparing letters (edit distance) would call "restart the import" and "restart the export" nearly
the same. What was put together is shown with every wording, for a person to judge.

Tasks that are not the same may still be served by one automation: "Correct records that the loader rejects", "Correct
and resubmit rejected direct debits". :func:`alike` puts those together that do the same to partly the same things.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

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


#: Words that tie a name together and say nothing of what is done to what.
_TIES = frozenset(
    "after befor through until when while if whether where why how what there yet so as not no cannot my your somebody"
    " someon one two few other old new sam without within under over between per day week month night morn daily weekly"
    " monthly nightly".split()
)
#: Share of the words of the shorter of two names that alike ones have in common: of four words, two.
ALIKE = 0.5
#: How alike the letters of two words must be to count as one word spelt in two ways, in percent, and how long they are.
SPELT = 90
_LEAST_SPELT = 6
#: A word that more names have than this says too little to look for alike ones by.
MOST_SHARING = 100


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


def alike(groups: Sequence[Group]) -> tuple[tuple[Group, ...], ...]:
    """Return groups of names that are alike, each with at least two of the groups given, the first one leading.

    Two names are alike when both have the word that one of them begins with (the action), at least two words in common,
    and of the shorter one's words :data:`ALIKE`. Words that only tie a name together, and numbers, do not count; words
    of :data:`SPELT` percent the same letters are one. As in :func:`group_names` all are like the one that leads: a
    chain of small steps does not lead from one task to another.

    Parameters
    ----------
    groups
        Near-identical names, as :func:`group_names` puts them together.
    """
    spelt = _spellings({word for group in groups for word in telling_words(group.name)})
    words = [_said_of(group.name, spelt) for group in groups]
    index: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in set(found):
            index[word].append(place)
    near = [_near(place, words, index) for place in range(len(groups))]
    # Whoever is like most others leads; of two, the one that more teams have.
    free, families = set(range(len(groups))), []
    for place in sorted(free, key=lambda place: (-len(near[place]), place)):
        members = [other for other in near[place] if other in free]
        if place in free and members:
            families.append((groups[place], *(groups[other] for other in members)))
            free -= {place, *members}
    return tuple(families)


def _near(place: int, words: Sequence[Sequence[str]], index: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the places of all names that are alike with this one."""
    mine = words[place]
    if len(set(mine)) < LEAST_WORDS:
        return []
    # Names that are alike share two words; by one that very many have, a name is not looked for.
    others = {other for word in mine if len(index[word]) <= MOST_SHARING for other in index[word]}
    return sorted(other for other in others if other != place and _are_alike(mine, words[other]))


def _said_of(name: str, spelt: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of a name that say what is done to what, the action first."""
    return tuple(spelt[word] for word in telling_words(name) if word not in _TIES and not word.isdigit())


def _are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    common = set(one) & set(other)
    shorter = min(len(set(one)), len(set(other)))
    return len(common) >= LEAST_WORDS and len(common) >= ALIKE * shorter and bool(common & {one[0], other[0]})


def _spellings(words: Iterable[str]) -> dict[str, str]:
    """Return for each word the one that stands for all its spellings: certificate, certifcate, certificates."""
    chosen: dict[str, str] = {}
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (len(word), word)):
        chosen[word] = word
        if len(word) < _LEAST_SPELT:
            continue
        near = process.extractOne(word, by_letter[word[0]], scorer=fuzz.ratio, score_cutoff=SPELT)
        if near is None:
            by_letter[word[0]].append(word)
        else:
            chosen[word] = near[0]
    return chosen


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
