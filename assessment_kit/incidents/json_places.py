"""Where the records stand in a JSON document: apart from what they are wrapped in, and from what they hold themselves.

A record may hold lists of records of its own (the updates of an incident, the receivers of an alert), and a record may
come in pages, under ``data`` or ``incidents``, or by itself. What tells them apart: a record has an id or a time of its
own, a wrapping has neither, or names what it wraps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assessment_kit.incidents.cells import shown
from assessment_kit.incidents.formats import TABLE, folded
from assessment_kit.incidents.vendors import FORMATS

#: How deep the list of records may be wrapped: {"data": {"incidents": […]}}.
_DEEPEST = 3
#: How deep in a record its own times may stand: {"fields": {"created": …}}.
_OWN = 1

#: Keys under which tools put their records, those of one record included, compared without case and punctuation.
_WRAPPINGS = frozenset(
    "alert alerts case cases content data edges entries hits incident incidents issue issues item items node nodes "
    "pages record records response result results row rows ticket tickets value values".split()
)
#: Those of them under which a record hardly keeps parts of itself.
_TICKETS = frozenset("alerts incidents issues tickets".split())
_IDS = frozenset(folded(name) for each in FORMATS for name in each.columns.get("id", ())) | {"sysid", "tinyid"}
_OPENED = frozenset(map(folded, TABLE.columns["opened"]))
_MORE = frozenset(
    folded(name) for role in ("resolved", "closed", "state", "description") for name in TABLE.columns[role]
)
_DAY = re.compile(
    r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[ ./-][A-Za-z]{3,9}[ ./-]\d)"
)
_EPOCH = re.compile(r"\d{10}(\d{3})?(\.\d+)?")


@dataclass
class Places:
    """What a document holds.

    Attributes
    ----------
    records
        In the order in which they stand.
    read
        Path to the number of records found there; "" for those that are wrapped in nothing.
    passed_over
        The same for lists that stand beside the records and are not read.
    """

    records: list[Any] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)

    def take(self, path: str, records: Sequence[Any]) -> None:
        """Add records found at a path."""
        self.records += records
        self.read[path] = self.read.get(path, 0) + len(records)


def places_of(document: object) -> Places:
    """Return the records of a JSON document, or of the lines of JSON Lines given as a list."""
    places = Places()
    if isinstance(document, list):
        places.take("", [])
        _of_list(document, "", places, 0)
    elif not isinstance(document, Mapping) or (not _is_alone(document) and _unwrap(document, "", places, 0)):
        return places
    elif len(document) > 1:
        places.take("", [document])
    return places


def _is_alone(document: Mapping[str, Any]) -> bool:
    """Tell whether a document is one record: most often it is a wrapping, so nothing may speak against it."""
    names = {_folded(str(key)) for key, inner in document.items() if _scalar(inner) not in (None, "")}
    says_so = _is_record(document) or (bool(names & _OPENED) and bool(names & _MORE))
    return says_so and not any(named for named, _, _ in _lists(document, "", 0))


def _of_list(values: list[Any], path: str, places: Places, depth: int) -> None:
    """Take what a list holds: each a record, a wrapping of records, or something else, which is counted."""
    for value in values:
        if isinstance(value, list) and depth < _DEEPEST:
            _of_list(value, path, places, depth + 1)
        elif not _is_wrapping(value) or not _unwrap(value, path, places, depth):
            places.take(path, [value])


def _is_wrapping(value: object) -> bool:
    """Tell whether an element of a list may be no record itself: a page of a REST API, an edge of GraphQL."""
    if not isinstance(value, Mapping) or not any(isinstance(each, list | Mapping) for each in value.values()):
        return False
    own = (_has_id(value), _has_time(value))
    if any(own):
        # Whoever keeps what a tool sent may add when it came: only keys that name tickets speak against a record then.
        keys = (path.rpartition(".")[2] for named, path, _ in _lists(value, "", 0) if named)
        return not all(own) and any(_folded(key) in _TICKETS for key in keys)
    return True


def _unwrap(value: Mapping[str, Any], path: str, places: Places, depth: int) -> bool:
    """Take the records in a wrapping; return whether there is a place for them."""
    lists = list(_lists(value, path, depth))
    # Named as records are, then those that look like some, then the longest.
    best = max(lists, key=lambda one: (one[0], _look_like_records(one[2]), len(one[2])), default=None)
    if best is not None:
        named, where, records = best
        if named or _look_like_records(records) or not (path or _has_id(value) or _has_time(value)):
            _of_list(records, where, places, depth + 1)
            # Where the list is empty, that too is what was found.
            places.take(where, [])
            for _, other, passed in lists:
                if other != where:
                    places.passed_over[other] = places.passed_over.get(other, 0) + len(passed)
            return True
    wrapped = [(key, inner) for key, inner in value.items() if isinstance(inner, Mapping) and _is_record(inner)]
    if not wrapped:
        return False
    key, record = max(wrapped, key=lambda pair: _names_records(pair[0]))
    places.take(_joined(path, key), [record])
    return True


def _lists(value: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[bool, str, list[Any]]]:
    """Yield lists of records in a wrapping: whether the key says so, the path, and the list."""
    if depth >= _DEEPEST:
        return
    for key, inner in value.items():
        here = _joined(path, key)
        if isinstance(inner, list):
            # A last page may be empty.
            named = _names_records(key) and (not inner or _look_like_records(inner))
            if named or any(isinstance(each, Mapping) for each in inner):
                yield named, here, inner
        elif isinstance(inner, Mapping) and not _is_record(inner):
            yield from _lists(inner, here, depth + 1)


def _names_records(key: str) -> bool:
    return _folded(key) in _WRAPPINGS


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)


def _look_like_records(values: list[Any]) -> bool:
    first = next((each for each in values if isinstance(each, Mapping)), None)
    if first is None:
        return False
    return _has_time(first) or any(isinstance(each, Mapping) and _is_record(each) for each in first.values())


def _is_record(value: Mapping[str, Any]) -> bool:
    """Tell whether a nested thing is a record by itself: it has a number and a time."""
    return _has_id(value) and _has_time(value)


def _has_id(value: Mapping[str, Any]) -> bool:
    return any(_folded(str(key)) in _IDS and _scalar(inner) not in (None, "") for key, inner in value.items())


def _has_time(value: Mapping[str, Any], depth: int = 0) -> bool:
    """Tell whether a thing has a time of its own; it may stand a little deeper: ``fields.created``."""
    for inner in value.values():
        scalar = _scalar(inner)
        if isinstance(scalar, str) and (_DAY.match(scalar) or _EPOCH.fullmatch(scalar)):
            return True
        if isinstance(scalar, int | float) and _EPOCH.fullmatch(str(scalar)):
            return True
    if depth >= _OWN:
        return False
    return any(
        isinstance(inner, Mapping) and not _has_id(inner) and _has_time(inner, depth + 1) for inner in value.values()
    )


def _scalar(value: object) -> object:
    """Return a value that is one, also out of a ServiceNow cell; None for whatever holds more."""
    if isinstance(value, Mapping):
        return shown(value)
    return None if isinstance(value, list) else value


@lru_cache(4_096)
def _folded(key: str) -> str:
    return folded(key)
