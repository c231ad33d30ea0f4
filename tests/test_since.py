"""The part of the report on what moved since last time: its data, its words, and how it copes with little."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assessment_kit.changes import ScoreChange
from assessment_kit.document import Document
from assessment_kit.pages import tables_since
from assessment_kit.pages.tables_since import signed
from assessment_kit.pages.team_report import open_report
from tests.builders import COHERENT, document, per
from tests.test_page import report, words

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"
PAYMENTS = open_report(EXAMPLES / "payments" / "2026-11-10.json", EXAMPLES / "payments" / "2026-05-12.json")

BLANK = ScoreChange("a", "A", None, None, None, None, None, None, None, None, 1, 0, 0)


def since(now: Document, before: Document) -> str:
    return words(str(report(now, before).since().html))


def test_without_an_earlier_assessment_there_is_no_such_part() -> None:
    assert str(report(document(COHERENT)).since().html) == ""


def test_the_part_says_what_moved_and_what_became_of_the_promises() -> None:
    found = words(str(PAYMENTS.since().html))
    assert "Between 12 May 2026 and 10 Nov 2026 (182 days)" in found
    assert "“Observability and Monitoring Gaps” moved most: +1.1 levels" in found
    assert "Of 8 promises: 2 kept, 2 late, 1 dropped, 1 to ask about and 2 not named any more" in found
    assert "now due on 11 Dec 2026" in found
    assert "3 of 25 figures moved further than their intervals" in found


def test_what_is_shown_of_a_change_adds_up() -> None:
    rng = random.Random(4)
    for _ in range(2000):
        before, now = (rng.uniform(1, 5) for _ in range(2))
        guide, team = (rng.choice([None, rng.uniform(-2, 2)]) for _ in range(2))
        coverage = now - before - (guide or 0.0) - (team or 0.0)
        made = replace(BLANK, before=before, now=now, change=now - before, guide=guide, team=team, coverage=coverage)
        found = tables_since.shown(made)
        parts = [part for part in found.parts.values() if part is not None]
        assert found.change == pytest.approx(round(now, 1) - round(before, 1))
        assert math.fsum(parts) == pytest.approx(found.change)
        for part, value in found.parts.items():
            exact = getattr(made, part)
            assert (value is None) == (exact is None)
            assert value is None or abs(value - exact) < 0.15
        assert not any(signed(part) == "0.0" and abs(part) > 0 for part in parts)


def test_a_difference_of_figures_is_that_of_the_figures_shown() -> None:
    found = words(str(PAYMENTS.since().html))
    assert "Incidents a month (estimated → measured) 91 74 to 122 70 60 to 80 −21 no" in found
    assert "P1 and P2 share (estimated → measured) 9.9 % 4.8 to 17 % 8.6 % 4.4 to 15 % −1.3 points" in found
    assert "Hours on incidents 97 h 48 to 203 h 61 h 37 to 100 h −36 h" in found


def test_a_loss_has_a_true_minus_sign() -> None:
    worse = COHERENT | {"runbooks": "absent", "alert-volume": per(1, "week")}
    found = since(document(worse), document(COHERENT, day=date(2026, 5, 1)))
    assert "\u2212" in found
    assert not re.search(r"(?<![\w-])-\d", found)


def test_a_figure_of_an_unknown_number_of_cases_has_no_verdict() -> None:
    found = since(document({"alert-volume": per(9, "week")}), document({"alert-volume": per(5, "week")}))
    assert "1 has no interval on one of the days" in found
    assert "no interval" in found


def write(made: Document, path: Path) -> Path:
    path.write_text(made.model_dump_json(by_alias=True), encoding="utf-8")
    return path
