"""The team report as its notebook sees it, and the notebook itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from assessment_kit.document import Document, to_json
from assessment_kit.errors import DocumentError, StorageError, UsageError
from assessment_kit.pages.display import Fragment
from assessment_kit.pages.team_report import TeamReport, find_file, open_report
from tests.builders import GUIDE, document, said
from tests.test_charts import CHARTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "team_report.ipynb"
DATA = Path(__file__).parent / "data" / "report"
NOW, BEFORE = DATA / "harbour-desk-2026-11-24.json", DATA / "harbour-desk-2026-05-12.json"

CALLS = (
    "head", "to_ask", "scores", "incidents", "toil", "engineering", "observability", "hours", "comparison", "findings",
    "plan", "since", "every_answer", "methods",
)  # fmt: skip


def written(folder: Path, made: Document, name: str = "document.json") -> Path:
    path = folder / name
    path.write_text(made.model_dump_json(by_alias=True), encoding="utf-8")
    return path


def whole(report: TeamReport) -> str:
    return "\n".join(str(getattr(report, call)().html) for call in CALLS)


# Opening


def test_a_report_without_a_document_asks_for_one() -> None:
    with pytest.raises(UsageError, match=r"Give the parameter document: the path of an assessment document\."):
        open_report("", "", "", "team")


def test_the_earlier_guide_must_be_the_one_that_the_earlier_document_names() -> None:
    raw = GUIDE.model_dump(by_alias=True, mode="json", exclude_none=True) | {"version": "0.1"}
    with pytest.raises(UsageError, match="previous_guide goes with previous"):
        open_report(NOW, previous_guide=ROOT / "templates" / "production-support.yaml")
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder, "other.yaml")
        other.write_text(json.dumps(raw), encoding="utf-8")
        with pytest.raises(DocumentError, match=r"2026-05-12\.json: guide: it was filled in under .* version 0\.1\b"):
            open_report(NOW, BEFORE, previous_guide=other)


def test_an_unknown_audience_is_refused() -> None:
    with pytest.raises(UsageError, match="Use team, sre or leadership"):
        open_report(NOW, audience="everybody")


def test_a_document_that_is_not_there_is_refused_with_where_it_was_looked_for() -> None:
    with pytest.raises(StorageError, match=r"nowhere\.json: there is no such file in .*Give the path from there"):
        open_report("nowhere.json")


def test_every_problem_of_both_documents_is_named_at_once(tmp_path: Path) -> None:
    wrong = document({"repeat-share": 140, "team-size": said("many")})
    earlier = document({"repeat-share": -1}).model_copy(update={"date": "2026-01-01"})
    with pytest.raises(DocumentError) as caught:
        open_report(written(tmp_path, wrong), written(tmp_path, earlier, "earlier.json"))
    message = str(caught.value)
    assert message.count("\n") == 2
    for part in (
        "document.json: answers.repeat-share",
        "document.json: answers.team-size",
        "earlier.json: answers.repeat",
    ):
        assert part in message


def test_an_earlier_document_of_another_team_or_of_a_later_day_is_refused(tmp_path: Path) -> None:
    other = written(tmp_path, document({}, team="Another"))
    with pytest.raises(DocumentError, match=r"it belongs to another team \('Another', not 'Harbour Desk'\)"):
        open_report(NOW, other)
    with pytest.raises(DocumentError, match=r"its date \(2026-11-24\) is not before the document's \(2026-05-12\)"):
        open_report(BEFORE, NOW)


def test_a_team_that_writes_its_name_in_another_way_is_the_same_team(tmp_path: Path) -> None:
    renamed = json.loads(BEFORE.read_text(encoding="utf-8")) | {"team": "HARBOUR desk "}
    (tmp_path / "before.json").write_text(json.dumps(renamed), encoding="utf-8")
    assert open_report(NOW, tmp_path / "before.json").previous is not None


def test_a_relative_path_is_found_from_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_in, elsewhere, notebooks = tmp_path / "here", tmp_path / "there", tmp_path / "project" / "notebooks"
    for folder in (typed_in, elsewhere, notebooks):
        folder.mkdir(parents=True)
    shutil.copy(NOW, typed_in / "now.json")
    shutil.copy(NOW, notebooks.parent / "beside.json")
    monkeypatch.setenv("PWD", str(typed_in))
    monkeypatch.chdir(elsewhere)  # papermill --cwd
    assert find_file("now.json") == typed_in / "now.json"
    monkeypatch.chdir(notebooks)  # by hand in JupyterLab
    assert find_file("beside.json") == notebooks.parent / "beside.json"


def test_a_guide_of_ones_own_is_used(tmp_path: Path) -> None:
    text = (ROOT / "templates" / "production-support.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("title: Production Support Team Conversation Guide", "title: Our own guide"), encoding="utf-8"
    )
    assert "Our own guide" in str(open_report(NOW, guide=own).head().html)


# The parts


def test_every_call_returns_a_fragment_with_a_line_for_front_ends_without_html() -> None:
    report = open_report(NOW, BEFORE)
    for call in CALLS:
        part = getattr(report, call)()
        assert isinstance(part, Fragment)
        assert part.html
        assert part.summary


def test_the_same_documents_give_the_same_page() -> None:
    assert whole(open_report(NOW, BEFORE)) == whole(open_report(NOW, BEFORE))


def test_last_time_is_shown_where_there_is_one() -> None:
    assert "Last time" not in str(open_report(NOW).head().html)
    assert "12 May 2026" in str(open_report(NOW, BEFORE).head().html)


# Leadership


SECRETS = (
    "Dana",
    "Whitfield",
    "Priya",
    "Raman",
    "Okafor",
    "Lee",
    "Mondays, after",
    "without batch reruns",
    "Monday handover",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_leadership_must_not_see_is_nowhere(secret: str) -> None:
    shown = whole(open_report(NOW, BEFORE, audience="leadership"))
    assert not re.search(rf"\b{re.escape(secret)}\b", shown)
    assert secret in whole(open_report(NOW, BEFORE)), "or the test would prove nothing"


def test_a_figure_that_was_defined_differently_stays_so_where_definitions_are_left_out(tmp_path: Path) -> None:
    paths = []
    for day, definition in (("2026-05-12", "from the impact"), ("2026-11-24", "from the ticket's opening")):
        answers = {"time-to-restore": said("1h", definition=definition)}
        paths.append(tmp_path / f"{day}.json")
        paths[-1].write_text(to_json(document(answers, day=date.fromisoformat(day))), encoding="utf-8")
    head = str(open_report(paths[1], paths[0], audience="leadership").head().html)
    assert "Last time it was defined differently" in head


def test_a_table_of_the_plan_has_no_column_of_reasons_where_they_are_left_out() -> None:
    full, shown = (str(open_report(NOW, audience=reader).plan().html) for reader in ("team", "leadership"))
    assert full.count(">Why</th>") > shown.count(">Why</th>")


def test_leadership_sees_the_same_figures() -> None:
    team, leadership = open_report(NOW), open_report(NOW, audience="leadership")
    assert leadership.evaluation.overall.score == team.evaluation.overall.score
    assert "is named" in str(leadership.plan().html)


# The notebook


def cells() -> list[Any]:
    return list(nbformat.read(NOTEBOOK, as_version=4).cells)


def test_the_first_cell_holds_the_parameters_as_strings() -> None:
    first = cells()[0]
    assert first.metadata.tags == ["parameters"]
    names: dict[str, Any] = {}
    exec(first.source, names)  # noqa: S102 - the kit's own notebook
    assert {name: names[name] for name in ("document", "previous", "guide", "audience")} == {
        "document": "", "previous": "", "guide": "", "audience": "",
    }  # fmt: skip


def test_the_notebook_shows_and_the_library_computes() -> None:
    for cell in cells()[1:]:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 3
        if cell.cell_type == "markdown":
            assert re.fullmatch(r"## [A-Z][a-z ]+", cell.source), "a heading, and no words of a user"
        else:
            assert not re.search(r"\b(for|if|def|while|lambda)\b", cell.source)
    called = re.findall(r"report\.(\w+)\(\)", "\n".join(cell.source for cell in cells()))
    assert tuple(called) == ("runtime", *CALLS)


def test_the_notebook_is_stored_without_outputs_and_with_ids_that_say_what_they_are() -> None:
    raw = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert raw["metadata"]["kernelspec"]["name"] == "python3"
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in raw["cells"])
    assert all(re.fullmatch(r"[a-z]+(-heading)?", cell["id"]) for cell in raw["cells"])


def papermill(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), "out.ipynb", "--no-progress-bar", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)


def test_stock_papermill_runs_it_on_a_path_relative_to_where_it_is_called(tmp_path: Path) -> None:
    shutil.copy(NOW, tmp_path / "now.json")
    parameters = ("-p", "document", "now.json", "-p", "previous", "", "-p", "guide", "", "-p", "audience", "team")
    done = papermill(tmp_path, *parameters)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "Harbour Desk" in text
    assert "ak-toil" in text


def test_stock_papermill_without_a_document_leaves_a_notebook_that_says_what_is_missing(tmp_path: Path) -> None:
    done = papermill(tmp_path)
    assert done.returncode != 0
    assert "Give the parameter document" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_stock_papermill_with_a_misspelt_audience_shows_nothing_to_nobody(tmp_path: Path) -> None:
    shutil.copy(NOW, tmp_path / "now.json")
    done = papermill(tmp_path, "-p", "document", "now.json", "-p", "audiense", "leadership")
    text = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert done.returncode != 0
    assert "Give the parameter audience, which says who the report is for: team, sre or leadership." in text
    assert "Harbour Desk" not in text


def test_a_browser_draws_every_chart_and_has_nothing_to_say(browser: Browser, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "assessment_kit",
        "report",
        str(NOW),
        "--previous",
        str(BEFORE),
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said_there: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said_there.append(message.text))
    page.on("pageerror", lambda error: said_there.append(str(error)))
    page.goto(next(tmp_path.glob("*.html")).as_uri())
    page.wait_for_selector("html[data-ak-charts=drawn]", state="attached")
    states = page.locator("figure[data-ak-chart]").evaluate_all("charts => charts.map(chart => chart.dataset.akState)")
    page.close()
    assert states == ["drawn"] * len(CHARTS)
    assert said_there == []


def test_a_guide_without_the_kits_questions_still_gives_a_report(tmp_path: Path) -> None:
    question = "{id: mood, type: number, key_question: 'How are you?'}"
    sections = f"sections: [{{id: one, title: One, questions: [{question}]}}]\n"
    text = (ROOT / "templates" / "production-support.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text[: text.index("\nsections:")] + "\n" + sections, encoding="utf-8")
    page = whole(open_report(written(tmp_path, document({"mood": 3})), guide=own))
    assert "How are you?" in page
    assert "This guide does not ask for" in page
