"""The part of the report on what moved since last time: its data, its words, and how it copes with little."""

from __future__ import annotations

from pathlib import Path

from assessment_kit.document import Document
from assessment_kit.pages.team_report import open_report
from tests.builders import COHERENT, document
from tests.test_page import report, words

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"
PAYMENTS = open_report(EXAMPLES / "payments" / "2026-11-10.json", EXAMPLES / "payments" / "2026-05-12.json")


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
    assert "8 of 25 figures moved further than their intervals" in found


def write(made: Document, path: Path) -> Path:
    path.write_text(made.model_dump_json(by_alias=True), encoding="utf-8")
    return path
