"""A small good guide to make bad ones of, and how each is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from assessment_kit.errors import GuideError
from assessment_kit.guide_file import parse_guide

SOURCE = {"text": "ours", "kind": "convention"}
GOOD: dict[str, Any] = {
    "schema": 1,
    "id": "ours",
    "version": "1.0",
    "title": "Our guide",
    "levels": [{"level": level, "name": f"Level {level}"} for level in range(1, 6)],
    "certainty": {
        "relative": {"measured": 0, "estimated": 0.25, "guess": 0.5},
        "levels": {"measured": 0, "estimated": 0.5, "guess": 1},
        "source": SOURCE,
    },
    "sections": [
        {
            "id": "incidents",
            "title": "Incidents",
            "questions": [
                {"id": "volume", "type": "rate", "per": "week", "key_question": "How many?"},
                {
                    "id": "repeat-share",
                    "type": "percent",
                    "key_question": "How many repeat?",
                    "relevant": {"question": "volume", "above": 0},
                    "rubric": {
                        "bands": [60, 45, 30, 20, 10],
                        "source": SOURCE,
                        "finding": "Many repeat",
                        "remedy": "Fix causes",
                    },
                },
                {
                    "id": "clear",
                    "type": "choice",
                    "key_question": "Is it clear?",
                    "choices": [{"id": "no", "label": "No", "level": 1}, {"id": "yes", "label": "Yes", "level": 5}],
                    "rubric": {"source": SOURCE, "finding": "Unclear", "remedy": "Write it down"},
                },
                {
                    "id": "tasks",
                    "type": "table",
                    "key_question": "Which tasks?",
                    "columns": [
                        {"id": "task", "label": "Task", "type": "text", "required": True},
                        {"id": "fix", "label": "Fix", "type": "choice", "choices": [{"id": "yes", "label": "Yes"}]},
                    ],
                },
            ],
            "rubrics": [
                {
                    "metric": "toil_share",
                    "bands": [80, 65, 50, 40, 30],
                    "source": SOURCE,
                    "finding": "Much toil",
                    "remedy": "Automate",
                }
            ],
        }
    ],
}


def changed(*changes: Callable[[dict[str, Any]], object]) -> str:
    """Return the good guide with changes, as YAML."""
    raw = copy.deepcopy(GOOD)
    for change in changes:
        change(raw)

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return yaml.dump(raw, Dumper=Plain, sort_keys=False)


def question(raw: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a question of a guide to change it in place."""
    found: dict[str, Any] = raw["sections"][0]["questions"][number]
    return found


def refusal(text: str) -> list[str]:
    """Return the messages with which a guide is refused; each says where, what and what to do."""
    with pytest.raises(GuideError) as caught:
        parse_guide(text, "ours.yaml")
    for problem in caught.value.problems:
        assert problem.where.startswith("ours.yaml: ")
        assert problem.remedy.endswith((".", "?"))
    return [str(problem).removeprefix("ours.yaml: ") for problem in caught.value.problems]
