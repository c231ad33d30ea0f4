"""Short descriptions without what is private or changes from ticket to ticket, so that alike ones become equal.

Numbers, ids, e-mail addresses, hosts and the names of people give way to marks (:data:`NUMBER` and its like). What is
left says what happened, and can be stored and shown.

A million descriptions are a hundred megabytes. So the rules are never held against a whole text: bytes are translated
by table (digits become ``0``), distinct texts are split into words, and each distinct **word** is judged once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assessment_kit.incidents.named import People, people_named
from assessment_kit.incidents.secret_values import HIDDEN, without_secrets
from assessment_kit.incidents.word_lists import ranks_of, replaced
from assessment_kit.incidents.word_shapes import EDGES, TABLE, UNSPACED, shaped

NUMBER, NAME, EMAIL, HOST, ID, SECRET = "#", "[name]", "[e-mail]", "[host]", "[id]", "[secret]"
MARKS = (NUMBER, NAME, EMAIL, HOST, ID, SECRET)

_PIECE = 1 << 17
#: A word that says something: of three letters, or of two where letters are syllables or words.
_SAYS = re.compile(rf"[^\W\d_]{{3,}}|[{UNSPACED}]{{2,}}")
_ADDRESS = re.compile(r"[^@]@[^@]")
_URL = re.compile(r"[a-z][a-z0+.-]*://|www\.|\\\\")
_IPV4 = re.compile(r"0{1,3}(?:\.0{1,3}){3}(?:[:/]0+)?")
_IPV6 = re.compile(r"(?=.*0)[0a-f]{0,4}(?::[0a-f]{0,4}){2,7}")
_HEX = re.compile(r"(?:0x)?[0a-f]{4,}(?:-[0a-f]{4,})*")
#: Ids that are no word of any language and no name: marked as hexadecimal, or long and with a number among them.
_LONG_ID = r"^(?:0x[0a-f]{4,}|(?:0x)?(?:[0a-f]{12,}|[0a-f]{4,}(?:-[0a-f]{4,}){2,}))$"
_DOTTED = re.compile(r"[a-z0][a-z0_-]*(?:\.[a-z0_-]+)+(?::0+)?(?:/.*)?")
_PORT = re.compile(r"(?::0+)?(?:/.*)?$")
# Not 0+ inside: on a long number that ends in a letter it would try every way to cut it.
_DIGITS = re.compile(r"0(?:[.,:/_-]*0)*")

#: Last parts of a dotted word that make it a host even with one dot; two letters are a country's.
_DOMAINS = frozenset(
    "biz box cloud com corp dev edu gov home info int internal intra intranet io lan local net org prod test "
    "zone".split()
)
#: Last parts that make a dotted word a file or a piece of a program, whatever stands before.
_FILES = frozenset(
    "bak bat cfg class cmd conf config csv dat dll doc docx exe gz html ini java jar js json jsp kt log md msi pdf php "
    "png ps0 py rb rpm sh sql sys tar tmp txt vbs war xls xlsx xml yaml yml zip".split()
)
#: Words in front of a number that make the whole the name of a machine.
_MACHINES = re.compile(r"(?:srv|server|host|node|vm|pc|lt|ws|nb|db|sql|web|app|esx|dc|router|switch|fw)(?=$|[-_0])")
#: As Windows names machines by itself.
_WINDOWS = re.compile(r"desktop-[a-z0]{7}|laptop-[a-z0]{8}|win-[a-z0]{11}")


@dataclass(frozen=True)
class Masked:
    """Descriptions without what is private.

    Attributes
    ----------
    codes
        For each row the position of its text in ``texts``; -1 where there is none, or nothing but marks.
    texts
        Distinct masked texts, in alphabetical order word by word.
    """

    codes: np.ndarray
    texts: pa.StringArray


def mask(descriptions: pa.StringArray, names: Iterable[str] = (), *, people: People | None = None) -> Masked:
    """Return the descriptions with numbers, ids, addresses, hosts and names of people masked.

    Parameters
    ----------
    descriptions
        One text a row; null where there is none.
    names
        People as they stand in the columns of callers and assignees.
    people
        Their words, where :func:`people_named` was asked before.
    """
    shapes, found, begin = _words_of(descriptions)
    hidden = without_secrets(descriptions, shapes, found, begin)
    if hidden is not descriptions:
        shapes, found, begin = _words_of(hidden)
    judged = _judged_all(found.dictionary, people_named(names) if people is None else people)
    vocabulary = sorted({word for words in judged for word in words})
    rank = {word: place for place, word in enumerate(vocabulary)}
    parts = [[rank[word] for word in words] for words in judged]
    words, starts = replaced(found.indices.to_numpy(), begin, parts, len(vocabulary))
    words, starts = _without_repeated_marks(words, starts, vocabulary)
    with ThreadPoolExecutor(1) as pool:
        texts = pool.submit(_joined, words, starts, vocabulary)
        ranks, distinct = ranks_of(words, starts, len(vocabulary))
        says_something = _sayings(words, starts, vocabulary)
    rows = shapes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    codes = np.append(np.where(says_something, ranks, -1), -1)[rows]
    written = np.empty(distinct, dtype=np.int64)
    written[ranks] = np.arange(len(ranks))
    return Masked(codes, texts.result().take(pa.array(written)))


def mask_one(text: str, names: Iterable[str] = (), *, people: People | None = None) -> str:
    """Return one text masked, for what is shown beside the groups."""
    masked = mask(pa.array([text], pa.string()), names, people=people)
    return str(masked.texts[0].as_py()) if len(masked.texts) else ""


def _words_of(texts: pa.StringArray) -> tuple[pa.DictionaryArray, pa.DictionaryArray, np.ndarray]:
    """Return the texts' shapes, the distinct shapes' words, and where each shape's words begin."""
    shapes = _translated(texts).dictionary_encode()
    lists = pc.ascii_split_whitespace(shapes.dictionary)
    return shapes, lists.flatten().dictionary_encode(), lists.offsets.to_numpy()


def _translated(texts: pa.StringArray) -> pa.StringArray:
    """Return the texts in lower case, every digit a 0, separators a blank: byte for byte, so their places stay."""
    texts = pa.concat_arrays([texts]) if texts.offset else texts
    validity, offsets, data = texts.buffers()
    size = data.size if data is not None else 0
    shaped = pa.allocate_buffer(size)
    written = memoryview(shaped).cast("B")
    # In pieces that stay in the processor's cache.
    for place in range(0, size, _PIECE):
        end = min(size, place + _PIECE)
        written[place:end] = data.slice(place, end - place).to_pybytes().translate(TABLE)
    return pa.Array.from_buffers(texts.type, len(texts), [validity, offsets, shaped], texts.null_count)


def _judged_all(words: pa.StringArray, people: People) -> list[list[str]]:
    """Return the words that take each one's place. Ids are told at once: there may be as many as there are texts."""
    ids = pc.and_(pc.match_substring_regex(words, _LONG_ID), pc.match_substring(words, "0"))
    places = np.flatnonzero(~ids.to_numpy(zero_copy_only=False))
    judged = [[ID]] * len(words)
    for place, word in zip(places.tolist(), words.take(pa.array(places)).to_pylist(), strict=True):
        judged[place] = _judged(word, people).split()
    return judged


def _judged(word: str, people: People) -> str:
    """Return a word, or the mark that takes its place; "" for what says nothing."""
    word = word if word.isascii() else shaped(word)
    if len(parts := word.split()) > 1:  # blanks beyond ASCII are none of the table's
        return " ".join(filter(None, (_judged(part, people) for part in parts)))
    if word == HIDDEN:
        return SECRET
    if _URL.match(word):
        return HOST
    core = word.strip(EDGES)
    if not core:
        return ""
    if "=" in core:
        return " ".join(filter(None, (_judged(part, people) for part in core.split("="))))
    if len(parts := people.between_names(core)) > 1:
        return f" {NAME} ".join(_judged(part, people) for part in parts)
    if "@" in core and _ADDRESS.search(core):
        return EMAIL
    if people.named_by(core):
        return NAME
    if "@" in core:
        return core.replace("0", "")
    if "0" not in core:
        return HOST if _is_host(core) else core
    if _IPV4.fullmatch(core) or _IPV6.fullmatch(core) or _is_host(core) or _WINDOWS.fullmatch(core):
        return HOST
    if _DIGITS.fullmatch(core):
        return NUMBER
    if _HEX.fullmatch(core) and ("-" in core or len(core) > 5):
        return ID
    if _MACHINES.match(core) and core[-1] == "0":
        return HOST
    letters = sum(character.isalpha() for character in core)
    switches = sum(one.isdigit() != other.isdigit() for one, other in pairwise(core))
    # Letters and digits by turns are made by machines: session ids, serial numbers, licence keys.
    if switches > 3 and len(core) >= 8 and letters < len(core) - 2:
        return ID
    return _DIGITS.sub(NUMBER, core)


def _is_host(word: str) -> bool:
    if not _DOTTED.fullmatch(word):
        return False
    labels = _PORT.sub("", word).split(".")
    last = labels[-1]
    if last in _FILES or not last.isalpha():
        return False
    return len(labels) > 2 or last in _DOMAINS or len(last) == 2


def _without_repeated_marks(
    words: np.ndarray, starts: np.ndarray, vocabulary: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Leave one mark where the same stands again and again: it is enough for a name of two words."""
    marks = np.array([word in MARKS for word in vocabulary] + [False])
    keep = np.ones(len(words), dtype=bool)
    keep[1:] = (words[1:] != words[:-1]) | ~marks[words[1:]]
    keep[starts[:-1][starts[:-1] < len(words)]] = True
    kept = np.zeros(len(words) + 1, dtype=np.int32)
    np.cumsum(keep, out=kept[1:])
    return words[keep], kept[starts]


def _joined(words: np.ndarray, starts: np.ndarray, vocabulary: list[str]) -> pa.StringArray:
    """Return the texts that words make."""
    written = pa.DictionaryArray.from_arrays(pa.array(words), pa.array(vocabulary, pa.string())).cast(pa.string())
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), written), " ")


def _sayings(words: np.ndarray, starts: np.ndarray, vocabulary: list[str]) -> np.ndarray:
    """Return which texts hold a word of at least three letters: marks alone do not say what happened."""
    telling = np.array([word not in MARKS and bool(_SAYS.search(word)) for word in vocabulary], dtype=bool)
    says = np.zeros(len(starts) - 1, dtype=bool)
    # Nearly every text tells by its first words.
    open_still, place = np.flatnonzero(starts[1:] > starts[:-1]), starts[:-1].copy()
    while len(open_still):
        says[open_still] = telling[words[place[open_still]]]
        place[open_still] += 1
        open_still = open_still[~says[open_still] & (place[open_still] < starts[1:][open_still])]
    return says
