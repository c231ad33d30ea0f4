"""Passwords and the like that people type into descriptions: what stands behind a key that names a secret."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: What takes a secret's place in a text until its words are judged: a letter that no script has.
HIDDEN = "\ue000"

_KEYS = (
    r"pass(?:word|wort|wd|code|phrase)|pwd|kennwort|mot de passe|contrase(?:ñ|n)a|senha|secret|token|credentials?|"
    r"(?:api|access|private|secret)[_ -]?key|authorization|密[码碼]|口令|パスワード|暗証番号|비밀번호"
)
#: Keys that stand in other words too, such as "bypass".
_SHORT_KEYS = "pass|pw"
#: The keys as far as they are one word.
_WORDS = "pass|pw|kennwort|contrase|senha|secret|token|credential|key|authorization|密|口令|パスワード|暗証|비밀번호"
_BLANKS = "[\\s\u00a0\u3000]"
_COLONS, _EQUALS = "[:\uff1a]", "[=\uff1d]"
_BEHIND_KEY = f"[\"'\\]]?{_BLANKS}*"
#: What may hold a secret, told by Arrow, which cannot look behind.
_MAYBE = f"(?:{_KEYS}|{_SHORT_KEYS}){_BEHIND_KEY}(?:{_COLONS}|{_EQUALS})"
_SCHEME = "(?:bearer|basic)\\s+"
_QUOTED = "(?:\"[^\"]+\"|'[^']+'|[\"']\\S+)"
#: No ordinary word: with a digit, a sign, or a capital inside.
_LOOKS_SECRET = "(?=\\S*(?:\\d|[!@#$%^&*+=~]|\\w[^\\w\\s]\\w|[^\\W_]_[^\\W_]|(?-i:[a-z][A-Z])))"
_PAIRS = re.compile(
    f"({_KEYS}|(?<![^\\W_])(?:{_SHORT_KEYS})){_BEHIND_KEY}"
    # Behind a sign of equality, or a colon without a blank, stands a value; behind "token: " may stand a sentence.
    f"(?:(?:(?:{_COLONS}|{_EQUALS})*{_EQUALS}>?{_BLANKS}*|{_COLONS}+)(?:{_SCHEME})?(?:{_QUOTED}|\\S+)"
    f"|{_COLONS}+{_BLANKS}+(?:{_QUOTED}|{_SCHEME}\\S+|{_LOOKS_SECRET}\\S+))",
    re.IGNORECASE,
)


def without_secrets(
    texts: pa.StringArray, shapes: pa.DictionaryArray, words: pa.DictionaryArray, starts: np.ndarray
) -> pa.StringArray:
    """Return the texts with the values of secrets hidden; the same array where there are none.

    Texts are looked at only where one of their words may be such a key.

    Parameters
    ----------
    shapes
        The texts' shapes, and for each text the place of its own.
    words, starts
        The shapes' words, and where each shape's begin.
    """
    keys = pc.match_substring_regex(words.dictionary, _WORDS).to_numpy(zero_copy_only=False)
    if not keys.any():
        return texts
    places = np.flatnonzero(keys[words.indices.to_numpy()])
    may_hold = np.zeros(len(shapes.dictionary) + 1, dtype=bool)
    may_hold[np.searchsorted(starts, places, side="right") - 1] = True
    rows = np.flatnonzero(may_hold[shapes.indices.fill_null(-1).to_numpy(zero_copy_only=False)])
    holds = pc.match_substring_regex(texts.take(pa.array(rows)), _MAYBE, ignore_case=True)
    rows = rows[holds.to_numpy(zero_copy_only=False)]
    if not len(rows):
        return texts
    here = np.zeros(len(texts), dtype=bool)
    here[rows] = True
    hidden = [_PAIRS.sub(rf"\1 {HIDDEN} ", text) for text in texts.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(here), pa.array(hidden, texts.type))
