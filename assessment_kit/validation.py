"""Turn pydantic's errors into problems that name ids, say what is wrong in words, and tell what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assessment_kit.errors import Problem

#: pydantic's error type -> the clause and the remedy (``{…}`` filled from the error's context).
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("is missing", "Add it."),
    "string_type": ("is not text", "Put it in quotes."),
    "string_too_short": ("is empty", "Write something there."),
    "string_pattern_mismatch": (
        "{value} is not an id",
        "Use small letters, digits and hyphens, starting with a letter.",
    ),
    "greater_than_equal": ("{value} is below {ge}", "Enter {ge} or more."),
    "greater_than": ("{value} is not above {gt}", "Enter more than {gt}."),
    "less_than_equal": ("{value} is above {le}", "Enter {le} or less."),
    "literal_error": ("{value} is not one of the allowed values", "Use {expected}."),
    "float_parsing": ("{value} is not a number", "Enter a number."),
    "int_parsing": ("{value} is not a whole number", "Enter a whole number."),
    "int_from_float": ("{value} is not a whole number", "Enter a whole number."),
    "float_type": ("{value} is not a number", "Enter a number."),
    "int_type": ("{value} is not a whole number", "Enter a whole number."),
    "finite_number": ("{value} is not a finite number", "Enter a number."),
    "bool_type": ("{value} is neither true nor false", "Write true or false."),
    "bool_parsing": ("{value} is neither true nor false", "Write true or false."),
    "model_type": ("{value} is not an object with named fields", "Write its fields as name: value."),
    "dict_type": ("{value} is not an object with named fields", "Write its fields as name: value."),
    "tuple_type": ("{value} is not a list", "Write a list."),
    "list_type": ("{value} is not a list", "Write a list."),
    "date_from_datetime_parsing": ("{value} is not a date", "Write it as 2026-11-24."),
    "date_parsing": ("{value} is not a date", "Write it as 2026-11-24."),
    "date_type": ("{value} is not a date", "Write it as 2026-11-24."),
}


def problems_of(error: ValidationError, raw: Any) -> Iterator[Problem]:
    """Yield one problem for each of pydantic's errors.

    Parameters
    ----------
    error
        What pydantic raised.
    raw
        The value that was validated: list positions are replaced by the ids found in it.
    """
    for detail in error.errors(include_url=False):
        where = _path(raw, detail["loc"])
        if detail["type"] == "extra_forbidden":
            yield Problem(where, "is not known here", _suggest(str(detail["loc"][-1])))
            continue
        words = _WORDS.get(detail["type"])
        if words is None:
            yield Problem(where, detail["msg"][:1].lower() + detail["msg"][1:], "Correct it.")
            continue
        context = {"value": short(detail["input"]), **detail.get("ctx", {})}
        yield Problem(where, words[0].format(**context), words[1].format(**context))


#: Every key a guide may have: enough for a useful suggestion whatever the place.
_KEYS = (
    "schema id version title language objectives reminder closing levels certainty sections kind purpose "
    "definition weight insights questions rubrics type topic key_question label hint guidance unit per core "
    "fact minutes constraint relevant choices other columns rubric bands source finding remedy metric anchor level "
    "required min max integer text url"
).split()


def _suggest(key: str) -> str:
    close = get_close_matches(key, _KEYS, n=1)
    return f"Did you mean {close[0]!r}? Otherwise remove it." if close else "Remove it."


def _path(raw: Any, loc: tuple[int | str, ...]) -> str:
    parts: list[str] = []
    here = raw
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        name = here.get("id", here.get("metric")) if isinstance(step, int) and isinstance(here, dict) else None
        parts.append(key_name(name) if name else f"[{step + 1}]" if isinstance(step, int) else key_name(step))
    return ".".join(parts) or "the file"


def key_name(key: object) -> str:
    """Return a key of a file as it can stand in a path of a message: whole, unless it is long or cannot be printed."""
    text = str(key)
    return text if text.isprintable() and len(text) <= 60 else short(text)


def short(value: Any, limit: int = 60) -> str:
    """Return a value as it can stand in a message: text in quotes, cut to a readable length."""
    if value is None or isinstance(value, bool):  # as JSON and YAML write it
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_Model = TypeVar("_Model", bound=BaseModel)

#: How often what is left of a broken file is tried again: a fault may sit inside one that was cut out.
_MOST_CUTS = 3


def without_faults(
    model: type[_Model], raw: Mapping[str, Any], error: ValidationError, stand_ins: Mapping[str, Any]
) -> _Model | None:
    """Return what is left of a broken file without its faulty parts, None where that cannot be read either.

    So that one mistake does not hide the others: what is left can be checked further.

    Parameters
    ----------
    error
        What the model said of ``raw``.
    stand_ins
        Values for required fields that are cut out.
    """
    left = deepcopy(dict(raw))
    for _ in range(_MOST_CUTS):
        # From the end: what is cut out of a list moves only what stands behind it.
        for detail in reversed(error.errors(include_url=False, include_context=False, include_input=False)):
            _cut(left, detail["loc"])
        try:
            return model.model_validate({**stand_ins, **left})
        except ValidationError as again:
            error = again
    return None


def _cut(whole: Any, place: tuple[int | str, ...]) -> None:
    """Take out the part at a place; where it is missing, the part that misses it."""
    holders = [whole]
    for step in place:
        try:
            holders.append(holders[-1][step])
        except (KeyError, IndexError, TypeError):
            break
    if len(holders) > 1:
        del holders[-2][place[len(holders) - 2]]
