"""A document with a secret in every field that takes a text, and where to look for the secrets afterwards."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assessment_kit.document import Document
from tests.builders import COHERENT, GUIDE, document, said

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Secrets:
    """Words that occur nowhere else, each with the field it was planted in. They look like names."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}

    def plant(self, where: str) -> str:
        """Return a new secret for a field."""
        number = len(self.where)
        word = "Zq" + "".join(_LETTERS[number // 26**place % 26] for place in range(3)) + "x"
        self.where[word] = where
        return word

    def found_in(self, *texts: str) -> set[str]:
        """Return the fields whose secret stands in one of the texts."""
        words = {word for text in texts for word in re.findall(r"Zq[a-z]{3}x", text)}
        return {self.where[word] for word in words if word in self.where}


def planted(secrets: Secrets, team: str = "Payments") -> Document:
    """Return a document in which every question is answered, with a secret in each text."""
    answers: dict[str, Any] = {}
    for question in GUIDE.questions.values():
        value = COHERENT.get(question.id, 30)
        value = value["value"] if isinstance(value, dict) and "value" in value else value
        plant: Callable[[str], str] = lambda field, id_=question.id: secrets.plant(f"{id_}.{field}")  # noqa: E731
        if question.type == "text":
            value = f"{plant('value')} {plant('value')}"
        elif question.type == "tags":
            value = [plant("value")]
        elif question.type == "multi":
            value = {"chosen": [question.choices[0].id], "other": [plant("other")]}
        elif question.type == "table":
            cells = [c.id for c in question.columns if c.type == "text" or (c.type == "choice" and c.other)]
            value = [{**row, **{cell: plant(cell) for cell in cells}} for row in value]
        more = {field: plant(field) for field in ("note", "source", "definition")}
        told = said(value, note=plant("said.note"), source=plant("said.source"), definition=plant("said.definition"))
        answers[question.id] = said(value, **more, said=told)
    answers["shifts-per-week"] = {"status": "not_applicable", "reason": secrets.plant("shifts-per-week.reason")}
    record = {
        "source": "desk.csv",
        "warnings": [f"Row 3 names {next(iter(secrets.where))}."],
        "incidents": 7,
    }
    return document(answers, team=team, imports=[record])


def decoded(path: Path) -> Iterator[str]:
    """Yield a file's text in every form in which a secret may stand in it: as it is, unescaped, and out of its JSON."""
    raw = path.read_text("utf-8")
    yield raw
    yield html.unescape(raw)
    if path.suffix == ".html":
        for script in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", raw, re.DOTALL):
            yield from texts_in(json.loads(script))
    else:
        yield from texts_in(json.loads(raw))


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in JSON data, keys included; of a text that holds HTML also what its entities stand for."""
    if isinstance(value, str):
        yield value
        yield html.unescape(value)
        for script in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", value, re.DOTALL):
            yield from texts_in(json.loads(script))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from texts_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_in(entry)
