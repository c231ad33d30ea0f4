"""A nearly empty report: no empty parts, one list of what to ask next; and a report with answers stays whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from assessment_kit.guide import Guide
from assessment_kit.html_page import export_html
from assessment_kit.incidents import read_export
from assessment_kit.pages import page_ask
from assessment_kit.pages.page_words import MOST_LINKS
from assessment_kit.pages.team_report import TeamReport
from assessment_kit.readings import Answers
from tests.builders import COHERENT, GUIDE, document, not_applicable, per, unknown
from tests.report_notebooks import HOSTILE, notebook
from tests.report_pages import report_of

EXPORT = Path(__file__).parents[1] / "examples" / "exports" / "service-desk.csv"
MASTER = Path(__file__).parents[1] / "notebooks" / "team_report.ipynb"
NOTHING_TO_SHOW = {"What to ask next"}


def page(report: TeamReport) -> BeautifulSoup:
    """Return the page of every cell of the master notebook."""
    cells = []
    for cell in json.loads(MASTER.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cells.append(new_markdown_cell(source))
        elif call := re.fullmatch(r"report\.(\w+)\(\)", source):
            data, metadata = getattr(report, call[1])()._repr_mimebundle_()
            made = new_code_cell("")
            made.outputs = [new_output("display_data", data=data, metadata=metadata)]
            cells.append(made)
    return BeautifulSoup(export_html(notebook(*cells)), "html.parser")


def headings(soup: BeautifulSoup) -> list[str]:
    return [heading.get_text(strip=True) for heading in soup.find_all("h2")]


def every_heading() -> list[str]:
    cells = json.loads(MASTER.read_text("utf-8"))["cells"]
    return ["".join(cell["source"])[3:] for cell in cells if cell["cell_type"] == "markdown"]


def words(soup: Any) -> str:
    return " ".join(soup.get_text(" ").split()).replace(" :", ":")


def made(folder: Path, answers: dict[str, Any]) -> tuple[TeamReport, BeautifulSoup]:
    report = report_of(folder, document(answers))
    return report, page(report)


def test_a_report_with_answers_keeps_every_part_and_has_no_such_list(tmp_path: Path) -> None:
    report, soup = made(tmp_path, COHERENT)
    assert report.folded == frozenset()
    assert headings(soup) == [name for name in every_heading() if name not in NOTHING_TO_SHOW]
    assert soup.select(".ak-ask") == []


def test_parts_without_an_answer_are_left_out_with_their_headings(tmp_path: Path) -> None:
    _, soup = made(tmp_path, {"incident-volume": per(5, "week")})
    assert headings(soup) == ["What to ask next", "Incidents", "All answers", "Methods and sources"]
    assert soup.select("figure.ak-chart") == []
    contents = [link.get_text() for link in soup.select(".ak-contents a")]
    assert contents == headings(soup), "the contents name no part that is not there"


def test_the_list_says_per_section_what_is_missing_and_how_long_it_takes(tmp_path: Path) -> None:
    report, soup = made(tmp_path, {"incident-volume": per(5, "week")})
    sections = [words(entry) for entry in soup.select(".ak-ask > li > details > summary")]
    titles = [section.title for section in report.answers.guide.sections]
    assert [line.split(":")[0] for line in sections] == titles
    toil = next(section for section in report.answers.guide.sections if section.id == "toil")
    asked = [question for question in toil.questions if report.answers.is_relevant(question)]
    core = sum(question.core for question in asked)
    minutes = -(-sum(question.minutes for question in asked) // 1)
    assert sections[titles.index(toil.title)] == (
        f"{toil.title}: {len(asked)} questions ({core} of them core), about {minutes:.0f} min"
    )
    listed = [item["id"] for item in soup.select(".ak-ask ul li")]
    assert "answer-toil-tasks" in listed and "answer-incident-volume" not in listed


def test_every_question_has_its_anchor_once_and_links_lead_to_it(tmp_path: Path) -> None:
    _, soup = made(tmp_path, {"incident-volume": per(5, "week"), "runbooks": "absent"})
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert len([name for name in ids if name.startswith("answer-")]) > 40
    links = [link["href"][1:] for link in soup.find_all("a", href=re.compile("^#"))]
    assert set(links) <= set(ids)


def test_what_does_not_apply_is_told_and_not_folded(tmp_path: Path) -> None:
    report, soup = made(tmp_path, {"toil-tasks": not_applicable("there is none")})
    assert "toil" not in report.folded and "engineering" in report.folded
    assert "Manual work and toil" in headings(soup) and "Engineering work" not in headings(soup)


def test_what_nobody_knew_is_told_by_how_to_find_it_out(tmp_path: Path) -> None:
    everything = {question: unknown() for question in GUIDE.questions}
    everything["toil-tasks"] = {**unknown(), "note": "Ask the night shift"}
    _, soup = made(tmp_path, everything)
    assert headings(soup) == ["What to ask next", "Findings", "All answers", "Methods and sources"]
    asked = soup.select_one("#to-find-out")
    assert asked is not None and "63 questions were asked" in words(asked.find_next("p"))
    ways = {words(entry.summary): entry for entry in soup.select(".ak-ask > li > details")}
    assert list(ways) == [
        "From an export of the tickets or alerts: 13 questions",
        "By counting and timing: 19 questions",
        "By asking somebody else: 31 questions",
    ]
    for way, question in zip(ways.values(), ("repeat-share", "toil-tasks", "team-size"), strict=True):
        assert GUIDE.questions[question].text in words(way)
        # Each says who can.
        assert way.p is not None and len(words(way.p)) > 40
    # What was written beside it is kept where it was, and the list leads there.
    assert [link["href"] for link in soup.select(".ak-ask a")] == ["#answer-toil-tasks"]
    assert "Ask the night shift" in words(soup.select_one("#answer-toil-tasks"))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert {f"answer-{question}" for question in GUIDE.questions} <= set(ids) and len(ids) == len(set(ids))
    assert "No answer yet" not in words(soup), "it is an answer"


def test_a_finding_does_not_link_to_everything(tmp_path: Path) -> None:
    _, soup = made(tmp_path, {question: unknown() for question in GUIDE.questions})
    finding = soup.select_one("#finding-not-known")
    assert finding is not None and len(finding.select("a")) == MOST_LINKS
    assert "and 55 more" in words(finding)


def test_what_is_not_known_is_not_told_as_unanswered(tmp_path: Path) -> None:
    report, soup = made(tmp_path, {**COHERENT, "alert-volume": unknown(), "actionable-alerts": unknown()})
    assert report.folded == frozenset()
    alerts = next(note for note in soup.select(".ak-missing") if note.strong and note.strong.get_text() == "Alerts.")
    assert words(alerts).startswith("Alerts. Not known: ") and "the team does not know" in words(alerts)


def test_every_answer_of_an_import_can_be_found_by_an_export() -> None:
    found = {answer for team in read_export(EXPORT).teams.values() for answer in team.answers}
    assert len(found) > 5 and found <= page_ask.FROM_EXPORTS <= set(GUIDE.questions)


def test_a_team_that_was_asked_nothing_gets_a_page_of_what_to_ask(tmp_path: Path) -> None:
    report, soup = made(tmp_path, {})
    assert {"scores", "incidents", "toil", "engineering", "observability", "hours", "findings"} <= report.folded
    assert headings(soup)[0] == "What to ask next"
    assert soup.select("figure.ak-chart, .ak-missing") == [], "nothing empty is shown"
    assert "not answered yet: about" in words(soup)


def test_a_notebook_shows_folded_parts_all_the_same(tmp_path: Path) -> None:
    report, _ = made(tmp_path, {})
    assert "No answer yet" in str(report.toil().html)


def test_a_heading_with_words_of_its_own_is_kept() -> None:
    folded = new_code_cell("")
    bundle = {"text/html": "<p>x</p>"}
    folded.outputs = [new_output("display_data", data=bundle, metadata={"assessment-kit": {"role": "folded"}})]
    html = export_html(notebook(new_markdown_cell("## Ours\n\nWhat we think."), folded, new_markdown_cell("## Next")))
    assert [h.get_text() for h in BeautifulSoup(html, "html.parser").find_all("h2")] == ["Ours", "Next"]


def test_hostile_words_of_a_guide_only_appear_in_the_list() -> None:
    raw = GUIDE.model_dump(by_alias=True, mode="json", exclude_none=True)
    raw["sections"][1]["title"] = HOSTILE[0]
    raw["sections"][1]["questions"][0]["label"] = HOSTILE[1]
    guide = Guide.model_validate(raw)
    soup = BeautifulSoup(str(page_ask.to_ask(Answers(document({}, guide=guide), guide))), "html.parser")
    assert HOSTILE[0] in soup.get_text() and HOSTILE[1] in soup.get_text()
    assert soup.find_all(["script", "img", "a"]) == []
