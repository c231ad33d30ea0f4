"""Read a guide from YAML: safely, with every problem named by the ids of the guide rather than by list positions."""

from __future__ import annotations

import copy
import re
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assessment_kit.errors import GuideError, Problem, StorageError
from assessment_kit.guide import Guide, check_guide
from assessment_kit.metrics import METRIC_IDS
from assessment_kit.resources import builtin_guide_path
from assessment_kit.validation import problems_of

#: A guide of a thousand questions is about 1 MB of YAML.
MAX_BYTES = 5_000_000
#: Nesting of the deepest part of a guide (a choice of a column) is 9.
MAX_DEPTH = 30


class _GuideLoader(yaml.SafeLoader):
    """SafeLoader that refuses what only hurts in a guide: aliases (YAML bombs), duplicate keys, tags, surprise types.

    Plain ``yes``, ``no`` and ``2026-01-01`` stay text, as a person who writes a choice id expects (YAML 1.2).
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.twice: list[Problem] = []

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _at(event, "aliases (*name) are not used in guides", "Write the part out where it is used.")
        if getattr(event, "tag", None) is not None:  # `!!int abc` would end in a traceback
            raise _at(event, "tags (!name) are not used in guides", "Remove it; put text in quotes instead.")
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                raise _at(event, f"nested more than {MAX_DEPTH} deep", "Check the indentation.")
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                twice = _at(key, f"the key {name!r} appears twice in one place", "Keep one of the two.")
                self.twice.append(twice.problem)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _at(thing: Any, what: str, remedy: str) -> _Refused:
    mark = thing.start_mark
    return _Refused(Problem(f"line {mark.line + 1}", what, remedy))


_GuideLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_GuideLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def parse_guide(text: str, name: str = "guide") -> Guide:
    """Return the guide that a YAML text describes.

    Parameters
    ----------
    text
        The YAML.
    name
        What to call the text in messages, usually the file's name.

    Raises
    ------
    GuideError
        With every problem found.
    """

    def named(problem: Problem) -> Problem:
        return Problem(f"{name}: {problem.where}", problem.what, problem.remedy)

    try:
        loader = _GuideLoader(text)
        raw = loader.get_single_data()
    except _Refused as refused:
        raise GuideError([named(refused.problem)]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        what = f"not valid YAML ({getattr(error, 'problem', None) or error})"
        raise GuideError([named(Problem(where, what, "Check the indentation and the quotes there."))]) from None
    except ValueError:  # Python's guard against integers of thousands of digits
        what, remedy = "a number has thousands of digits", "Put it in quotes, or shorten it."
        raise GuideError([named(Problem("the file", what, remedy))]) from None
    if not isinstance(raw, dict):
        raise GuideError([named(Problem("the file", "not a guide", "Start from a copy of the built-in guide."))])
    problems = list(loader.twice)
    guide: Guide | None
    try:
        guide = Guide.model_validate(raw)
    except ValidationError as error:
        problems += problems_of(error, raw)
        guide = _what_can_be_checked(raw, error)
    problems += check_guide(guide, METRIC_IDS) if guide is not None else ()
    if problems or guide is None:
        raise GuideError(map(named, problems))
    return guide


_NO_SPREAD = {"measured": 0, "estimated": 0, "guess": 0}
_STAND_IN: dict[str, Any] = {
    "schema": 1,
    "id": "guide",
    "version": "-",
    "title": "-",
    "levels": [{"level": level, "name": "-"} for level in range(1, 6)],
    "certainty": {"relative": _NO_SPREAD, "levels": _NO_SPREAD, "source": {"text": "-", "kind": "convention"}},
    "sections": [],
}


def _what_can_be_checked(raw: dict[str, Any], error: ValidationError) -> Guide | None:
    """Return a wrong guide with harmless stand-ins for its wrong parts, so that one mistake does not hide another.

    A wrong question keeps its id and its place, which rules of others name.
    """
    left = copy.deepcopy(raw)
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        loc: tuple[Any, ...] = detail["loc"]
        match loc:
            case ("sections", int(i), "questions", int(j), *_):
                questions = left["sections"][i]["questions"]
                said = questions[j].get("id") if isinstance(questions[j], dict) else None
                if not isinstance(said, str) or loc[4:5] == ("id",):
                    said = f"question-{i}-{j}"
                questions[j] = {"id": said, "type": "text", "key_question": "-"}
            case ("sections", int(i), "rubrics", int(j), *_):
                left["sections"][i]["rubrics"][j] = None
            case ("sections", int(i), *rest):
                if not rest or not isinstance(left["sections"][i], dict):
                    left["sections"][i] = {}
                left["sections"][i].pop(rest[0] if rest else None, None)
            case (key, *_):
                left.pop(key, None)
    left = _STAND_IN | left
    for i, section in enumerate(left["sections"]):
        left["sections"][i] = {"id": f"section-{i}", "title": "-", "questions": [], **section}
        rubrics = left["sections"][i].get("rubrics", ())
        left["sections"][i]["rubrics"] = [rubric for rubric in rubrics if rubric is not None]
    try:
        return Guide.model_validate(left)
    except ValidationError:
        return None


def load_guide(path: str | Path | None = None) -> Guide:
    """Return a guide from a file, or the built-in one.

    Raises
    ------
    GuideError
        When the file's contents are wrong.
    StorageError
        When it cannot be read.
    """
    found = Path(path) if path else builtin_guide_path()
    try:
        size = found.stat().st_size
        if size > MAX_BYTES:
            remedy = f"A guide has at most {MAX_BYTES // 1_000_000} MB. Is this the right file?"
            raise GuideError([Problem(str(found), f"{size / 1e6:.0f} MB is too large for a guide", remedy)])
        # Reading is cheap; parsing 60 kB of YAML for each of fifty teams is not. By its bytes, so that a copy of it
        # in another place is the same guide.
        return _load(found.name, found.read_bytes())
    except OSError as error:
        raise StorageError(
            f"{found}: cannot read the guide ({error.strerror}). Check the path and its rights."
        ) from None


@lru_cache(maxsize=16)
def _load(name: str, data: bytes) -> Guide:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8 text (byte {error.start})"
        raise GuideError([Problem(name, what, "Save it as UTF-8.")]) from None
    return parse_guide(text, name)
