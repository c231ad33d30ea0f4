"""JSON without its traps: no NaN, no Infinity, no key twice, no half characters, no bottomless nesting.

The standard parser lets each of them through, and each would come back as a crash or a lost value later.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from assessment_kit.errors import Problem
from assessment_kit.validation import key_name, short

#: Deepest sensible nesting of a document (a cell of a table of a kept answer) is 8.
MAX_DEPTH = 40

_RESTORE = "Restore an earlier revision from the .history folder beside it, or correct the file."
_HALF = re.compile("[\ud800-\udfff]")
_HALF_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
_NOT_FINITE = re.compile(r"NaN|Infinity|\d[eE]\+?\d{3}|\d{300}")


class Unreadable(Exception):
    """A text is not JSON that can be used, or a value cannot be written as such.

    Attributes
    ----------
    problems
        Every problem, ``where`` relative to the text (empty for the whole of it).
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def read(text: str) -> Any:
    """Return what a JSON text holds.

    Raises
    ------
    Unreadable
        When it is not JSON, or has one of the traps.
    """
    twice: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(dict.fromkeys(key for key in keys if keys.count(key) > 1))
        return found

    try:
        raw = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Unreadable([_syntax(text, error)]) from None
    except RecursionError:
        raise Unreadable([_too_deep()]) from None
    except ValueError:  # Python's guard against integers of thousands of digits
        what = "a number has thousands of digits"
        raise Unreadable([Problem("", what, "Shorten it, or restore an earlier revision.")]) from None
    problems = [
        Problem("", f"the key {short(key)} appears twice in one place", "Keep one of the two.") for key in twice
    ]
    if not _within_depth(raw):
        problems.append(_too_deep())
    # A walk in Python costs more than the parser: only where the text gives a reason.
    elif _NOT_FINITE.search(text) or _HALF_ESCAPED.search(text):
        problems += _unusable(raw)
    if problems:
        raise Unreadable(problems)
    return raw


def write(raw: Any) -> str:
    """Return a value as JSON that :func:`read` gives back: two spaces, real characters, keys in the order they have.

    Raises
    ------
    Unreadable
        When no JSON can hold it.
    """
    if not _within_depth(raw):
        raise Unreadable([_too_deep()])
    try:
        text = json.dumps(raw, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    except ValueError:
        raise Unreadable(_unusable(raw)) from None
    if _HALF.search(text):
        raise Unreadable(_unusable(raw))
    return text


def _syntax(text: str, error: json.JSONDecodeError) -> Problem:
    what = f"not valid JSON ({error.msg.lower()})"
    if not text.strip():
        return Problem("", "the file is empty", _RESTORE)
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string"):
        what = f"the file ends too early, it seems truncated ({error.msg.lower()})"
    return Problem(f"line {error.lineno}, column {error.colno}", what, _RESTORE)


def _too_deep() -> Problem:
    return Problem("", f"nested more than {MAX_DEPTH} deep, which no document is", _RESTORE)


def _within_depth(raw: Any) -> bool:
    level = [raw]
    for _ in range(MAX_DEPTH + 1):
        inside: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inside.extend(item.values())
            elif isinstance(item, list):
                inside.extend(item)
        if not inside:
            return True
        level = inside
    return False


def _unusable(value: Any, where: str = "") -> Iterator[Problem]:
    """Yield a problem for every number that is not finite and every text with half a character in it."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _HALF.search(str(key)):
                yield Problem(where, f"the key {short(key)} holds half a character", "Type the key again.")
            yield from _unusable(item, f"{where}.{key_name(key)}" if where else key_name(key))
    elif isinstance(value, list):
        for position, item in enumerate(value, 1):
            yield from _unusable(item, f"{where}[{position}]")
    elif isinstance(value, float) and not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        remedy = "Enter a number, or set the status to unknown."
        yield Problem(where, f"{name} is not a number that can be used", remedy)
    elif isinstance(value, str) and (half := _HALF.search(value)):
        what = f"the text holds half a character (position {half.start() + 1})"
        yield Problem(where, what, "Type that character again.")
