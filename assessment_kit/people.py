"""Names of people in a document, and how they are taken out of every text in it.

Names are those that the document itself gives as names: of the facilitator, the participants and the owners. They are
looked for in all other texts, as a whole and by the words of which they are made, in whatever case they were typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from assessment_kit.document import Document
from assessment_kit.guide import Guide

#: What stands in the place of a text that an audience does not get. It is not empty: the question was answered.
LEFT_OUT = "left out for this audience"

#: Questions whose answer is somebody's name. A guide's own name questions are text questions, which are left out too.
NAME_QUESTIONS = ("facilitator", "participants", "follow-up-owner")
#: The one whose names even SRE teams do not get.
TOOK_PART = "participants"
#: The column of a table that holds a name.
OWNER_COLUMN = "owner"

#: Names that are everyday words when they are written small. A convention: other names are taken out in any case.
_WORDS_TOO = frozenset(
    "art best bill black brown bush case chase chip cook day dean drew faith field frank grace grant green hill hope "
    "joy king long mark max may miles page price rich rose short skip small stone sue summer white will wood "
    "young".split()
)

_WORD = re.compile(r"[^\W\d_]+")

Change = Callable[[str], str]


def map_text(value: Any, change: Change) -> Any:
    """Return a value with every text in it changed, however deep."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_text(part, change) for part in value]
    if isinstance(value, dict):
        return {key: map_text(part, change) for key, part in value.items()}
    return value


def scrubber(document: Document, guide: Guide, *, keep_contacts: bool = False) -> Change:
    """Return what takes the document's names out of a text.

    Parameters
    ----------
    keep_contacts
        The names of the facilitator and of owners stay: they are whom to call.
    """
    common, said = _vocabulary(document, guide), list(_said_names(document))
    names = {name for question_id, text in said if not keep_contacts or question_id == TOOK_PART
             for name in _names(text, common)}  # fmt: skip
    if keep_contacts:
        kept = {name.casefold() for question_id, text in said if question_id != TOOK_PART
                for name in _names(text, common)}  # fmt: skip
        names = {name for name in names if name.casefold() not in kept}
    if not names:
        return lambda text: text
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(_left_out, text)


def _left_out(found: re.Match[str]) -> str:
    # Who types "priya" means Priya; who types "will" or "may" hardly ever means somebody.
    return found.group() if found.group() in _WORDS_TOO else f"({LEFT_OUT})"


def _names(said: str, common: Collection[str]) -> Iterator[str]:
    """Yield what to look for in other texts: a name, and the words of one that looks like a person's.

    A participant may be a role ("night shift", "Release manager"): words that the guide, the team's name or its
    services use are no names.
    """
    name = re.split(r"[,;(/]", said, maxsplit=1)[0].strip()
    words = _WORD.findall(name)
    if not words or len(name) > 80 or not all(word[0].isupper() for word in words):
        return
    personal = [word for word in words if len(word) > 2 and not word.isupper() and word.casefold() not in common]
    if len(words) > 1 or personal:
        yield name
    yield from personal


def _said_names(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every name with the question that it was an answer to."""
    for question_id in NAME_QUESTIONS:
        answer = document.answers.get(question_id)
        while answer is not None:
            yield from ((question_id, part) for part in _listed(answer.value) if isinstance(part, str))
            answer = answer.said
    for question_id, answer in document.answers.items():
        for row in answer.value if isinstance(answer.value, list) else []:
            if isinstance(row, dict) and isinstance(row.get(OWNER_COLUMN), str):
                yield question_id, row[OWNER_COLUMN]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _vocabulary(document: Document, guide: Guide) -> set[str]:
    texts = [document.team, *(section.title for section in guide.sections)]
    services = document.answers.get("services")
    texts += [part for part in _listed(services.value if services else None) if isinstance(part, str)]
    for question in guide.questions.values():
        texts += [question.text, *(choice.label for choice in question.choices)]
        texts += [choice.label for column in question.columns for choice in column.choices]
    return {word.casefold() for text in texts for word in _WORD.findall(text)}
