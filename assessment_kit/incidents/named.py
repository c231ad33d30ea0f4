"""Whom a word of a text names: the people of an export, however they are spelt, inflected or glued to other things.

A word names somebody when it, or a part of it between hyphens, dots and the like, is

- a word of a name in any spelling (Müller, Mueller, Muller), with a genitive's ``s`` from four letters on;
- from four letters on with digits before or behind it (``smith01``);
- from five letters on with a word for a thing or an account before or behind it (``müllerpc``, ``admsmith``);
- the words of a family name as one (``oconnor``, ``vanderberg``, ``vdberg``), which count as a word of it;
- a login made of two words of one name, the one of at least five letters, the other whole or up to its third letter
  (``jmüller``, ``smithjo``); where the longer has six letters, any one letter may stand before it.

In scripts without blanks between words names are found anywhere in a word, and those of other scripts between them.

There may be tens of thousands of names and as many words, and neither may be held against each of the other. What is
glued on is either known or part of the name's own. So it is taken off, and what is left is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assessment_kit.incidents.compound_names import compounds
from assessment_kit.incidents.word_shapes import (
    ALPHABET_ALONE,
    EDGES,
    KANA_ALONE,
    PARTS,
    UNSPACED,
    shaped,
    spelt_out,
    typed,
)

#: Letters of a name from which it takes a genitive's s or digits; from which other letters may be glued to it; and
#: from which one of these may be anybody's initial.
_INFLECTED, _GLUED, _UNMISTAKABLE = 4, 5, 6
#: Letters of a first name that a login may begin or end with.
_INITIALS = 3
#: No login is longer; cutting a longer word at every place would take for ever.
_LONGEST_LOGIN = 40
#: Letters of a name that is found inside words: of scripts whose letters are syllables or words, and of the others.
_SYLLABLES, _KANA, _ALPHABET = 2, 3, 4
#: Parts of a name without blanks: Japanese family names and Chinese given names have two letters, some three.
_PART_LETTERS, _MOST_LETTERS = (2, 3), 6

#: Parts of names that are words of every description: masking them would leave nothing to read.
ORDINARY = frozenset(
    "abteilung account admin administrator agent alert an and anonymous anyone api app application as assignee at auto "
    "automation batch be bot by caller center central centre client closed cloud contractor contractors created cron "
    "customer customers database datadog default demo department desk dev do duty email employee employees error event "
    "events external first for from gateway grafana group guest he help helpdesk if in infrastructure integration "
    "interface internal is it itil jenkins jira job lead level line local mail manager me monitor monitoring my nagios "
    "network no nobody none not of office on on-call oncall opened operations operator ops opsgenie or other owner "
    "pagerduty payment payments pipeline portal process production prometheus queue reported requester resolved "
    "resolver robot root rule rules scheduler script second security self server service servicenow services shift "
    "slack so somebody someone splunk sql supplier support sync system systems task team test the third tier to "
    "unassigned unknown up updated us user users vendor we web with workflow zabbix "
    # Korean given names that are "support" and "change", a Chinese one that is "to set up".
    "지원 수정 建设".split()
)
#: Words of descriptions that look like a genitive of somebody's name (Price, Page, Bill) or like an initial before it
#: (Cross, Light, Rivers).
_MISTAKABLE = ORDINARY | frozenset(
    "across along award awards banks bells bills blocks boards books branches brands cards cases chains charger "
    "chargers chart coins costs driver drivers drucker fallen fields files flight flights flows forms graceful grants "
    "halls hands hours items keys lanes lines links locks marks minds names notes pages parks parts planner player "
    "players plight pools ports posts price prices printer printers ranges rates reader readers rings rooms sales "
    "scanner scanners seals sender server servers shops sites slight space spaces spotter start starter stecker steps "
    "stores stower strainer tests times tools towers trainer trainers units views walls wards waters ways wecker "
    "wells words works".split()
)
#: Syllables that make words of words, and so are nobody's initials: granted, reporter.
_SYLLABLES_OF_WORDS = frozenset("age de dis ed en er es ex im in ing ly mis out pre re sub sup un up".split())
#: What is glued to names: things, kinds of accounts.
_THINGS = (
    "account|admin|adm|client|desktop|drucker|handy|home|ipad|iphone|konto|laptop|lap|login|ltp|lt|macbook|mac|mailbox|"
    "mail|mobile|nas|nb|notebook|pc|phone|postfach|printer|rechner|srv|surface|svc|tablet|tel|user|usr|vdi|vm|wks|"
    "workstation|ws"
)
_BEFORE = re.compile(f"(?:{_THINGS})")
_BEHIND = re.compile(f"(?:{_THINGS})$")
#: Offices, in scripts in which a part of their names would be found everywhere.
_OFFICES = re.compile(
    "系[统統]|管理|服[务務]|支[持援]|技[术術]|客服|[运運][维維]|值班|中心|部[门門]|小[组組]|[网網][络絡]|信息|担当|窓口|"
    "システム|サポート|ヘルプ|デスク|チーム|サービス|センター|관리|담당|시스템|고객|센터|서비스|[팀部課课]$"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_OTHER_SCRIPT = re.compile(rf"[^\W{UNSPACED}]+")
_UNSPACED_ALONE = re.compile(f"[{UNSPACED}]+")
#: Letters of the alphabets that have others with marks.
_MARKED = re.compile("[\u00c0-\u08ff\u1e00-\u1fff]")
_MAY_BE_SPELT = re.compile("[aou]e|aa")
_CONTRACTED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


@dataclass(frozen=True)
class People:
    """The words by which people may be named in a text. Made by :func:`people_named`.

    Attributes
    ----------
    words
        Every word of every name, in every spelling.
    beside
        For each long one the other words of the names that it stands in.
    inside
        Names that are found inside words, of scripts without blanks.
    """

    words: frozenset[str] = frozenset()
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    _beginnings: frozenset[str] = frozenset()
    _lengths: tuple[int, ...] = ()

    def named_by(self, word: str) -> bool:
        """Tell whether a shaped word names somebody."""
        if not self.words:
            return False
        if word in self.words or any(map(self._named_by_part, PARTS.split(word))):
            return True
        others = {typed(word), spelt_out(word)} - {word} if _MARKED.search(word) else ()
        return any(other in self.words or any(map(self._named_by_part, PARTS.split(other))) for other in others)

    def named_in(self, text: str) -> bool:
        """Tell whether a shaped text names somebody."""
        return any(self.named_by(word) or len(self.between_names(word)) > 1 for word in text.split())

    def between_names(self, word: str) -> list[str]:
        """Return what stands before, between and behind the names inside a shaped word without blanks."""
        if not self.words or word.isascii() or not _UNSPACED.search(word):
            return [word]
        found = []
        for piece in self._between_inside(word) if self.inside else [word]:
            begin = 0
            # A name in another script begins and ends where the script does.
            for run in _OTHER_SCRIPT.finditer(piece):
                if self.named_by(run[0]):
                    found.append(piece[begin : run.start()])
                    begin = run.end()
            found.append(piece[begin:])
        return found

    def _between_inside(self, word: str) -> list[str]:
        found, begin, place = [], 0, 0
        while place < len(word) - 1:
            length = 0
            # Most places are no name's beginning, and told by one look-up.
            if word[place : place + _SYLLABLES] in self._beginnings:
                length = next((each for each in self._lengths if word[place : place + each] in self.inside), 0)
            if length:
                found.append(word[begin:place])
                begin = place + length
            place += length or 1
        return [*found, word[begin:]]

    def _named_by_part(self, part: str) -> bool:
        if part in self.words:
            return True
        if len(part) < _INFLECTED or (not part.isascii() and _UNSPACED.search(part)):
            return False
        pieces = part.split("0") if "0" in part else (part,)
        return any(len(piece) >= _INFLECTED and self._named_by_letters(piece) for piece in pieces)

    def _named_by_letters(self, word: str) -> bool:
        if word in self.words:
            return True
        if word in _MISTAKABLE:
            return False
        genitive = word[-1] == "s" and len(word) > _INFLECTED
        if genitive and word[:-1] in self.words:
            return True
        if not _GLUED < len(word) <= _LONGEST_LOGIN:
            return False
        bare = {word, word[:-1]} if genitive else {word}
        bare |= {_BEFORE.sub("", each, count=1) if _BEFORE.match(each) else each for each in bare}
        bare |= {_BEHIND.sub("", each) for each in bare}
        return any(len(each) >= _GLUED and (each in self.beside or self._is_login(each)) for each in bare)

    def _is_login(self, word: str) -> bool:
        for place in range(1, len(word)):
            one, other = word[:place], word[place:]
            if (names := self.beside.get(other)) is not None:
                if place == 1 and len(other) >= _UNMISTAKABLE:
                    return True
                if _shortened(one, names):
                    return True
            if (names := self.beside.get(one)) is not None and _shortened(other, names):
                return True
        return False


#: Where nobody is named.
NOBODY = People()


def _shortened(letters: str, names: frozenset[str]) -> bool:
    """Tell whether letters are one of some names, or begin one."""
    if letters in names:
        return True
    few = len(letters) <= _INITIALS and letters not in _SYLLABLES_OF_WORDS
    return few and any(name.startswith(letters) for name in names)


def people_named(names: Iterable[str]) -> People:
    """Return the words by which people may be named in a text: every part of every name, and of e-mail addresses.

    Ordinary words among them (``Service Desk``) are left out, and so are single letters.
    """
    words: set[str] = set()
    beside: dict[str, set[str]] = {}
    inside: set[str] = set()
    for name in names:
        # Of an address the part before the @: the domain is the firm's.
        text = shaped(name.partition("@")[0])
        parts = [part for part in PARTS.split(text) if part.strip("0")]
        words.update(parts)
        words.update(word.strip(EDGES) for word in text.split())
        if not text.isascii():
            inside.update(_inside(parts))
        if len(parts) > 1:
            words.update(_run_together(parts))
        as_one = list(compounds(parts))
        words.update(as_one)
        for part in (*parts, *as_one):
            if len(part) >= _GLUED:
                beside.setdefault(part, set()).update(parts)
    words.update([other for word in words for other in _otherwise(word)])
    words = {word for word in words if len(word) > 1 and word not in ORDINARY and word.strip("0")}
    inside = {each for each in inside if each not in ORDINARY and len(each) >= _shortest(each)}
    beginnings = frozenset(each[:_SYLLABLES] for each in inside)
    lengths = tuple(sorted({len(each) for each in inside}, reverse=True))
    return People(frozenset(words), _spelt(beside), frozenset(inside), beginnings, lengths)


def _spelt(beside: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Return long words of names and what stands beside them, both in every spelling."""
    found: dict[str, frozenset[str]] = {}
    for word, names in beside.items():
        if word in ORDINARY or (not word.isascii() and _UNSPACED_ALONE.fullmatch(word)):
            continue
        others = names - ORDINARY - {word}
        others.update([way for other in others for way in _otherwise(other)])
        every = frozenset(others)
        for way in (word, *_otherwise(word)):
            if len(way) >= _GLUED:
                found[way] = found[way] | every if way in found else every
    return found


def _otherwise(word: str) -> tuple[str, ...]:
    """Return how else a name is typed: Müller as Mueller and Muller, and Mueller as Muller."""
    if not word.isascii():
        return typed(word), spelt_out(word)
    # A shorter one would be another word: Baer is not a bar.
    if len(word) <= _GLUED or not _MAY_BE_SPELT.search(word):
        return ()
    return tuple(word.replace(spelt, letter) for spelt, letter in _CONTRACTED if spelt in word)


def _run_together(parts: list[str]) -> Iterator[str]:
    """Yield neighbouring words of a name as one: OBrien, JeanLuc."""
    for place, part in enumerate(parts[:-1]):
        other = parts[place + 1]
        if len(part) + len(other) >= _GLUED and part not in ORDINARY and other not in ORDINARY:
            yield part + other


def _inside(parts: list[str]) -> Iterator[str]:
    """Yield a name in a script without blanks, whole and in its parts."""
    alone = [part for part in parts if _UNSPACED_ALONE.fullmatch(part)]
    whole = "".join(alone)
    if not whole or _OFFICES.search(whole):
        return
    yield whole
    yield from alone
    if len(alone) > 1 or len(whole) > _MOST_LETTERS or KANA_ALONE.fullmatch(whole) or ALPHABET_ALONE.fullmatch(whole):
        return
    for length in _PART_LETTERS:
        if length < len(whole):
            yield whole[-length:]
            # A Korean family name has one syllable: the first two of three are no part.
            if not ("\uac00" <= whole[0] <= "\ud7a3" and len(whole) <= _PART_LETTERS[-1]):
                yield whole[:length]


def _shortest(name: str) -> int:
    if KANA_ALONE.fullmatch(name):
        # Two of them stand in any word: Mari in the Japanese for "summary".
        return _KANA
    return _ALPHABET if ALPHABET_ALONE.fullmatch(name) else _SYLLABLES
