"""What a form shows of a document, and how two versions of a document become one. Pure: documents in, documents out.

An *entry* is one answer as the form has it. Most are answers of the document. What is not one yet stays beside them,
under ``session.drafts``, so that nothing typed is lost and no reader of the answers trips over it: a note or a flag
without a value, a number of cases that is no number.

The key ``session`` is this half's own; every other reader keeps it as it keeps any unknown key::

    "session": {"minutes": 60, "seconds": {"toil": 540}, "drafts": {question: entry}, "declined": [proposal],
                "collisions": {question: {"other": entry}}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assessment_kit.document import Answer, Document, ImportRecord
from assessment_kit.errors import Problem
from assessment_kit.validation import problems_of
from assessment_kit.values import empty

SESSION = "session"

Entry = dict[str, Any]

_HALF = re.compile("[\ud800-\udfff]")


def session_of(document: Document) -> dict[str, Any]:
    """Return what the document holds under ``session``; do not change it in place."""
    found = (document.model_extra or {}).get(SESSION)
    return found if isinstance(found, dict) else {}


def part_of(document: Document, name: str) -> dict[str, Any]:
    """Return one dictionary under ``session``, empty where there is none; do not change it in place."""
    found = session_of(document).get(name)
    return found if isinstance(found, dict) else {}


def with_session(document: Document, **parts: Any) -> Document:
    """Return the document with other parts under ``session``; an empty part is left out."""
    session = {name: part for name, part in {**session_of(document), **parts}.items() if not empty(part)}
    if session:
        return document.model_copy(update={SESSION: session})
    changed = document.model_copy()
    (changed.model_extra or {}).pop(SESSION, None)
    return changed


def clean(value: Any) -> Any:
    """Return a value from a browser as JSON can hold it: half a character, which a cut emoji leaves, becomes a mark."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {clean(str(key)): clean(part) for key, part in value.items()}
    return [clean(part) for part in value] if isinstance(value, list | tuple) else value


def same(one: Entry | None, other: Entry | None) -> bool:
    """Tell whether two entries say the same."""
    return one == other or (_comparable(one) == _comparable(other))


def _comparable(entry: Entry | None) -> Any:
    if not entry:
        return None
    answer, draft = split(entry)
    # As text: in Python 1, 1.0 and True are the same, and to a reader of the document they are not.
    return json.dumps(draft if draft is not None else answer and _dump(answer), sort_keys=True, default=str)


def split(entry: Entry) -> tuple[Answer | None, Entry | None]:
    """Return the answer in an entry, and the entry itself where the answer cannot hold all of it."""
    try:
        answer = Answer.model_validate(entry)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
        rest = {key: value for key, value in entry.items() if key not in wrong}
        return None if "status" in wrong or len(rest) == len(entry) else split(rest)[0], entry
    if answer.status == "answered" and empty(answer.value):
        # "answered" without an answer says nothing; what was written beside it does.
        return None, {key: value for key, value in entry.items() if key != "status" and not empty(value)} or None
    return answer, None


def misfits(entry: Entry) -> list[Problem]:
    """Return why the document's answers cannot hold an entry, such as a number of cases that is no number."""
    try:
        Answer.model_validate(entry)
    except ValidationError as error:
        return list(problems_of(error, entry))
    return []


def _dump(answer: Answer) -> Entry:
    dumped: Entry = answer.model_dump(mode="json")
    return dumped


def entries(document: Document) -> dict[str, Entry]:
    """Return every entry of a document by question: answers, and drafts in their place."""
    found = {question: _dump(answer) for question, answer in document.answers.items()}
    for question, draft in part_of(document, "drafts").items():
        if not isinstance(draft, dict):
            continue
        behind, answer = split(draft)[0], found.get(question)
        if answer == (_dump(behind) if behind else None):
            found[question] = dict(draft)
        else:  # somebody who knows nothing of drafts has answered meanwhile: theirs counts, the rest stays beside it
            found[question] = {**draft, **(answer or {})}
    return found


def with_entries(document: Document, changes: Mapping[str, Entry | None]) -> Document:
    """Return the document with some entries changed; None (or an empty entry) takes one out."""
    answers, drafts = dict(document.answers), dict(part_of(document, "drafts"))
    for question, entry in changes.items():
        answers.pop(question, None)
        drafts.pop(question, None)
        answer, draft = split(entry) if entry else (None, None)
        if answer is not None:
            answers[question] = answer
        if draft is not None:
            drafts[question] = draft
    return with_session(document.model_copy(update={"answers": answers}), drafts=drafts)


@dataclass(frozen=True)
class Merged:
    """Two versions as one.

    Attributes
    ----------
    taken
        Questions whose entry comes from the other version.
    collisions
        Questions that both changed, each in its own way. The document has the other version's entry, because that one
        is on the disk already; this version's is kept beside it under ``session.collisions``.
    """

    document: Document
    taken: tuple[str, ...]
    collisions: tuple[str, ...]


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """Merge two versions question by question against the last version that both knew."""
    before, here, there = entries(base), entries(mine), entries(theirs)
    taken, collisions, changes = [], {}, {}
    for question in dict.fromkeys([*there, *here, *before]):
        was, ours, other = (version.get(question) for version in (before, here, there))
        if same(ours, was):
            if not same(other, was):
                taken.append(question)
        elif same(other, was) or same(other, ours):
            changes[question] = ours
        else:
            collisions[question] = {"other": ours}
    merged = with_entries(theirs.model_copy(update={"imports": _imports(base, mine, theirs)}), changes)
    return Merged(_merge_session(base, mine, merged, collisions), tuple(taken), tuple(collisions))


def _imports(base: Document, mine: Document, theirs: Document) -> list[ImportRecord]:
    """Return the records of both; of an export that both imported, mine where it is new."""
    added = [record for record in mine.imports if record not in base.imports]
    names = {(record.source, record.sha256) for record in added}
    return [*(record for record in theirs.imports if (record.source, record.sha256) not in names), *added]


def _merge_session(base: Document, mine: Document, theirs: Document, collisions: dict[str, Any]) -> Document:
    old, ours, other = session_of(base), session_of(mine), session_of(theirs)
    # Entries were merged above, with their drafts; everything else goes key by key.
    parts = {
        name: _three_way(old.get(name), ours.get(name), other.get(name))
        for name in dict.fromkeys([*other, *ours])
        if name != "drafts"
    }
    spent, here, there = (part_of(document, "seconds") for document in (base, mine, theirs))
    # Two facilitators spend their minutes both: the differences add up.
    parts["seconds"] = {
        section: there.get(section, 0) + max(0, here.get(section, 0) - spent.get(section, 0))
        for section in dict.fromkeys([*there, *here])
    }
    known, wanted, found = (part_of(document, "collisions") for document in (base, mine, theirs))
    still_open = {
        question: _three_way(known.get(question), wanted.get(question), found.get(question))
        for question in dict.fromkeys([*found, *wanted])
    }
    parts["collisions"] = {question: side for question, side in {**still_open, **collisions}.items() if side}
    return with_session(theirs, **parts)


def _three_way(base: Any, mine: Any, theirs: Any) -> Any:
    return theirs if mine == base else mine
