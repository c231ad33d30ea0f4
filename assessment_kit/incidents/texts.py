"""Columns of texts as categories: every rule is applied once to each distinct value, not once to each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

#: A column of words.
if TYPE_CHECKING:
    Words = pd.Categorical[str]
else:
    Words = pd.Categorical

#: Markers that systems write for "nothing", compared without case. "NA" and "none" are not among them: both are real
#: values somewhere (a region, an impact).
MISSING = frozenset({
    "", "?", "-", "--", "null", "(null)", "<null>", "\\n", "nan", "nat", "n/a", "#n/a", "#multivalue", "#value!",
    "#ref!", "#name?", "(empty)", "(blank)", "[]", "{}",
})  # fmt: skip


#: Rows from which a column of distinct texts is worked on as a whole.
_LONG = 2_000
#: Blanks of every kind, as ``str.split`` knows them.
_WIDE = r"[\t-\r\x1c-\x1f\x{85}\p{Z}]+"
#: Blanks of every kind in UTF-8, as they begin; what else begins so is only looked at more closely.
_WIDE_BYTES = (b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81\x9f", b"\xe3\x80\x80")
#: Bytes that are looked through at a time: they stay in the processor's cache.
_PIECE = 1 << 18
_SPACE, _ASCII = 32, 127
#: Bytes below which a text may be a marker of nothing.
_SHORT = 40


def is_missing(text: str) -> bool:
    """Tell whether a cell holds nothing."""
    return text.strip().casefold() in MISSING


def categories(values: pd.Series, markers: frozenset[str] = MISSING) -> Words:
    """Return a column of texts as categories, blanks trimmed and what means nothing as missing."""
    return mapped(values, lambda text: _meant(text, markers))


def _meant(text: str, markers: frozenset[str]) -> str | None:
    plain = " ".join(text.split())
    return None if plain.casefold() in markers else plain


def arrow(texts: pd.Series | pd.Index) -> pa.Array:
    """Return a column of texts as one Arrow array, of short or large offsets as pandas keeps it."""
    found = pa.array(texts, from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()
    return found if pa.types.is_large_string(found.type) else found.cast(pa.string())


def offsets_of(texts: pa.Array) -> np.ndarray:
    """Return where each text begins in the array's bytes, and where the last one ends."""
    kind = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    return np.frombuffer(texts.buffers()[1], dtype=kind)[texts.offset : texts.offset + len(texts) + 1]


def is_long(values: pd.Series) -> bool:
    """Tell whether a column is a long one that was read as texts, most of them distinct."""
    return len(values) > _LONG and not isinstance(values.dtype, pd.CategoricalDtype)


def first_bytes(texts: pa.Array, length: int) -> np.ndarray:
    """Return the first bytes of each text as rows of numbers, 0 after its end."""
    offsets = offsets_of(texts)
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    data = data if len(data) else np.zeros(1, dtype=np.uint8)
    found = np.zeros((length, len(texts)), dtype=np.uint8)
    for place in range(length):
        here = offsets[:-1] + place if place else offsets[:-1]
        # Where a text is shorter the byte there is another's: it is taken as none.
        np.multiply(data.take(here, mode="clip"), here < offsets[1:], out=found[place])
    return found.T


def may_begin(texts: pa.Array, letters: str) -> np.ndarray:
    """Return which texts begin with one of some letters, in either case, or with none at all.

    It is told by the first byte: a blank, a sign or what is beyond ASCII may be followed by anything.
    """
    other = [byte for byte in range(_ASCII + 1) if chr(byte).isalnum() and chr(byte).lower() not in letters.lower()]
    wanted = np.ones(256, dtype=bool)
    wanted[other] = False
    return wanted[first_bytes(texts, 1)[:, 0]]


def begins_with(values: pd.Series, letters: str) -> bool:
    """Tell whether one of a column's texts begins with one of some letters of ASCII."""
    if not is_long(values):
        # Categories that no row has are told apart only where one of them begins so.
        every = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else ()
        may = not len(every) or any(text and text[0] in letters for text in every)
        return may and any(text and text[0] in letters for text in factorised(values)[1])
    wanted = np.zeros(256, dtype=bool)
    wanted[list(letters.encode())] = True
    return bool(wanted[first_bytes(arrow(values), 1)].any())


def how_many(values: pd.Series, word: str) -> int:
    """Return how many cells hold a word, whatever its case and the blanks around it."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        same = np.array([text.strip().casefold() == word for text in values.cat.categories] + [False])
        return int(same[values.cat.codes.to_numpy()].sum())
    texts = arrow(values)
    texts = texts.take(pa.array(np.flatnonzero(may_begin(texts, word[0]))))
    short = texts.filter(pc.less(pc.binary_length(texts), _SHORT))
    return int(pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(short)), word).to_numpy(zero_copy_only=False).sum())


def plain(values: pd.Series, markers: frozenset[str] = MISSING) -> pd.Series:
    """Return a column of texts, blanks trimmed and what means nothing as missing, without making categories of it."""
    if not is_long(values):
        words = categories(values, markers)
        return pd.Series(np.asarray(words, dtype=object), dtype=str)
    texts = arrow(values)
    if _has_wide_blanks(texts):
        texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _WIDE, " "))
    places = np.flatnonzero(may_begin(texts, "".join(marker[:1] for marker in markers)))
    possible = texts.take(pa.array(places))
    nothing_meant = pc.is_in(pc.utf8_lower(possible), pa.array(sorted(markers), texts.type))
    gone = places[nothing_meant.to_numpy(zero_copy_only=False)]
    if len(gone):
        missing = np.zeros(len(texts), dtype=bool)
        missing[gone] = True
        texts = pc.if_else(pa.array(missing), pa.scalar(None, texts.type), texts)
    return texts.to_pandas()


def _has_wide_blanks(texts: pa.Array) -> bool:
    """Tell whether there may be blanks other than single spaces between words."""
    offsets = offsets_of(texts)
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    begins = offsets[:-1][offsets[:-1] < offsets[1:]] - offsets[0]
    # Each text ends where the next that is not empty begins.
    if len(data) and (data[-1] <= _SPACE or (data[begins] <= _SPACE).any() or (data[begins[1:] - 1] <= _SPACE).any()):
        return True
    beyond = False
    for place in range(0, len(data), _PIECE):
        piece = data[place : place + _PIECE + 1]
        blank = piece <= _SPACE
        if (blank & (piece < _SPACE)).any() or (blank[1:] & blank[:-1]).any():
            return True
        beyond = beyond or int(piece.max()) > _ASCII
    return beyond and any(blank in data.tobytes() for blank in _WIDE_BYTES)


def codes_of(values: pd.Series) -> tuple[np.ndarray, int]:
    """Return a number for each distinct text of a column, -1 where there is none, and how many there are."""
    texts = arrow(values)
    if _in_order(texts):
        return np.arange(len(texts)), len(texts)
    encoded = texts.dictionary_encode()
    return encoded.indices.fill_null(-1).to_numpy().astype(np.int64), len(encoded.dictionary)


def _in_order(texts: pa.Array) -> bool:
    """Tell whether each text comes after the one before it, or each before: then all are distinct."""
    if texts.null_count or len(texts) < 2:
        return False
    falls = texts[0].as_py() > texts[1].as_py()
    one, other = texts.slice(0, len(texts) - 1), texts.slice(1)
    return bool(pc.all(pc.greater(one, other) if falls else pc.less(one, other)).as_py())


def mapped(values: pd.Series | Words, rule: Callable[[str], str | None]) -> Words:
    """Apply a rule to each distinct text; what it returns None for is missing."""
    codes, distinct = factorised(values)
    results = [rule(text) for text in np.asarray(distinct, dtype=object).tolist()]
    # Sorted, so that the order of the rows leaves no trace.
    kept = sorted({result for result in results if result is not None})
    position = {result: index for index, result in enumerate(kept)}
    lookup = np.array([-1 if result is None else position[result] for result in results] + [-1])
    lookup = lookup.astype(np.min_scalar_type(-len(kept) - 1))
    return pd.Categorical.from_codes(lookup[codes], categories=pd.Index(kept, dtype=str))


def factorised(values: pd.Series | Words) -> tuple[np.ndarray, Any]:
    """Return a number for each cell, -1 where there is none, and the distinct texts they stand for."""
    column = values.array if isinstance(values, pd.Series) else values
    if not isinstance(column, pd.Categorical):
        return pd.factorize(values)
    codes = np.asarray(column.codes)
    used = np.bincount(codes + 1, minlength=len(column.categories) + 1)[1:] > 0
    if used.all():
        return codes, column.categories
    place = np.append(np.cumsum(used) - 1, -1)
    return place[codes], column.categories[used]


def spelt_alike(column: Words) -> Words:
    """Unite values that differ only in upper and lower case, under the spelling most rows have."""
    spelling: dict[str, str] = {}
    for value in tallied(column):
        spelling.setdefault(value.casefold(), value)
    if len(spelling) == len(column.categories):
        return column
    return mapped(column, lambda value: spelling[value.casefold()])


def nothing(length: int) -> Words:
    """Return a column of words in which every cell is missing."""
    return pd.Categorical.from_codes(np.full(length, -1, dtype=np.int64), categories=pd.Index([], dtype=str))


def tallied(column: Words) -> dict[str, int]:
    """Return each value with its number of rows, the most frequent first, then by name."""
    counts = np.bincount(np.asarray(column.codes) + 1, minlength=len(column.categories) + 1)[1:]
    pairs = zip(column.categories, counts.tolist(), strict=True)
    return dict(sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-pair[1], pair[0])))


def filled_share(column: pd.Series | Words) -> float:
    """Return the share of rows, 0 to 1, in which a column holds something."""
    return float(np.mean(~pd.isna(column))) if len(column) else 0.0
