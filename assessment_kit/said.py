"""What the team said beside what an export measured: which answers an import offers, and what taking one does. Pure.

A measured answer never takes another's place unseen: the team's own answer moves into its ``said`` and stays there. A
measured **table** that lacks what the team's table tells (the work each time, the cause) does not take its place at all
unless somebody says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assessment_kit.document import Answer, Document, ImportRecord
from assessment_kit.values import empty

#: ``new``: nothing was answered. ``beside``: the team said something else, which stays beside it. ``again``: an
#: earlier import answered it. ``less``: the team's table tells more. ``same``: it is in the document already.
State = Literal["new", "beside", "again", "less", "same"]


@dataclass(frozen=True)
class Offer:
    """One measured answer, and what the document has there.

    Attributes
    ----------
    measured
        The answer as it would stand in the document, the team's in its ``said``.
    said
        What the team said; None where it said nothing.
    """

    question: str
    measured: Answer
    said: Answer | None
    state: State


def offers(document: Document, answers: Mapping[str, Mapping[str, Any]]) -> tuple[Offer, ...]:
    """Return what measured answers offer to a document, in their order."""
    found = []
    for question, raw in answers.items():
        measured = Answer.model_validate(dict(raw))
        earlier = document.answers.get(question)
        imported = earlier is not None and _is_imported(earlier, document)
        said = earlier.said if earlier is not None and imported else earlier
        measured.said = said
        if earlier is not None:
            measured.follow_up = earlier.follow_up
        found.append(Offer(question, measured, said, _state(measured, earlier, said, imported=imported)))
    return tuple(found)


def _state(measured: Answer, earlier: Answer | None, said: Answer | None, *, imported: bool) -> State:
    if earlier == measured:
        return "same"
    if imported:
        return "again"
    if said is None:
        return "new"
    return "less" if said.status == "answered" and _tells_more(said.value, measured.value) else "beside"


def _tells_more(said: Any, measured: Any) -> bool:
    """Tell whether a table has a column filled that the other one lacks."""
    return bool(_columns(said) - _columns(measured) - {"note"}) if _columns(measured) else False


def _columns(value: Any) -> set[str]:
    rows = value if isinstance(value, list) else []
    return {name for row in rows if isinstance(row, dict) for name, cell in row.items() if not empty(cell)}


def _is_imported(answer: Answer, document: Document) -> bool:
    # An import names its file first in the source of each answer; a team that measured by itself names something else.
    source = answer.source or ""
    return answer.basis == "measured" and any(source.startswith(record.source) for record in document.imports)


def with_record(document: Document, record: Mapping[str, Any]) -> Document:
    """Return the document with an import's record; the same export imported again replaces its earlier one."""
    new = ImportRecord.model_validate(dict(record))
    imports = [old for old in document.imports if (old.source, old.sha256) != (new.source, new.sha256)]
    return document.model_copy(update={"imports": [*imports, new]})


@dataclass(frozen=True)
class Merged:
    """A document with measured answers in it.

    Attributes
    ----------
    beside
        Questions whose measured answer has the team's own beside it.
    stayed
        Questions whose table of the team's tells more than the measured one.
    replaced
        Questions that an earlier import had answered in another way.
    """

    document: Document
    beside: tuple[str, ...]
    stayed: tuple[str, ...]
    replaced: tuple[str, ...]


def merge_measured(document: Document, answers: Mapping[str, Mapping[str, Any]], record: Mapping[str, Any]) -> Merged:
    """Put measured answers into a document.

    An answer that the team gave, by whatever means it measured it, moves into ``said`` of the measured one. An answer
    of an earlier import is replaced (the workspace's history keeps it). A table of the team's that tells more than the
    measured one stays as it is. The same export imported twice changes nothing.
    """
    offered = offers(document, answers)
    taken = {offer.question: offer.measured for offer in offered if offer.state != "less"}
    merged = document.model_copy(update={"answers": {**document.answers, **taken}})
    beside = tuple(offer.question for offer in offered if offer.question in taken and offer.said is not None)
    stayed = tuple(offer.question for offer in offered if offer.question not in taken)
    replaced = tuple(offer.question for offer in offered if offer.state == "again")
    return Merged(with_record(merged, record), beside, stayed, replaced)
