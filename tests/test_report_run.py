"""Execution: reproducible, whole or not at all, and honest about a notebook that fails."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter

from assessment_kit import forks
from assessment_kit.document import to_json
from assessment_kit.errors import ReportError, StorageError
from assessment_kit.guide_file import load_guide
from assessment_kit.pages.display import STATIC_VARIABLE
from assessment_kit.report import ReportResult, execute, run_notebook, run_report
from assessment_kit.resources import templates_dir
from tests.builders import COHERENT, GUIDE, document
from tests.report_notebooks import PARAMETERS, code, notebook, report_notebook, words, written

SHOW = code("from pathlib import Path\n[Path(document).name, previous, guide, audience]", "show")


def simple(*more: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return notebook(code(PARAMETERS, "parameters", "parameters"), *more)


class Desk:
    """A folder with a document, and reports made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "reports"
        self.document = folder / "payments" / "2026-11-24.json"
        self.document.parent.mkdir(parents=True)
        self.document.write_text("{}")

    def report(self, master: nbformat.NotebookNode, **more: Any) -> ReportResult:
        return run_report(self.document, self.out, notebook=written(self.folder / "master.ipynb", master), **more)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def page(result: ReportResult) -> BeautifulSoup:
    assert result.html_path is not None
    return BeautifulSoup(result.html_path.read_text(encoding="utf-8"), "html.parser")


def executed(result: ReportResult) -> nbformat.NotebookNode:
    assert result.notebook_path is not None
    return nbformat.read(result.notebook_path, as_version=4)


def shown(result: ReportResult) -> str:
    text: str = executed(result).cells[2].outputs[0].data["text/plain"]
    return text


# -- A report ----------------------------------------------------------------------------------------------------------


def test_the_parameters_arrive_as_texts(desk: Desk) -> None:
    document = desk.folder / "007" / "1e3.json"
    document.parent.mkdir()
    shutil.copy(desk.document, document)
    desk.document = document
    result = desk.report(simple(SHOW), audience="leadership")
    assert shown(result) == "['1e3.json', '', '', 'leadership']"
    assert result.error is None
    assert result.seconds > 0
    assert (result.notebook_path, result.html_path) == (desk.out / "1e3.ipynb", desk.out / "1e3.html")


def test_the_files_are_named_after_team_and_date(desk: Desk) -> None:
    result = desk.report(simple(words("# Payments")))
    assert sorted(path.name for path in desk.out.iterdir()) == ["payments-2026-11-24.html", "payments-2026-11-24.ipynb"]
    assert page(result).title.get_text() == "Payments"


@pytest.mark.parametrize("name", ["{team} 100%", 'say "hi"', "ü €\n", "a.b"])
def test_any_folder_name_works(tmp_path: Path, name: str) -> None:
    odd = Desk(tmp_path / name)
    assert shown(odd.report(simple(SHOW), name="x.y")) == "['2026-11-24.json', '', '', 'team']"
    assert (odd.out / "x.y.html").exists()


def test_the_same_input_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    first = desk.report(report_notebook(), name="first")
    again = desk.report(report_notebook(), name="again")
    assert first.html_path.read_bytes() == again.html_path.read_bytes()
    assert first.notebook_path.read_bytes() == again.notebook_path.read_bytes()
    nbformat.validate(executed(first))


def test_the_notebook_tells_nothing_of_the_run(desk: Desk) -> None:
    text = desk.report(simple(SHOW)).notebook_path.read_text(encoding="utf-8")
    assert str(desk.folder) not in text
    for trace in ("start_time", "iopub", "run_uuid", "papermill", "version_info"):
        assert trace not in text, trace


@pytest.mark.parametrize("audience", ["team", "sre", "leadership"])
@pytest.mark.parametrize("good", [True, False], ids=["complete", "failed"])
def test_no_file_that_is_shared_holds_anything_of_the_machine(desk: Desk, audience: str, good: bool) -> None:
    earlier, later = (to_json(document(COHERENT, day=day)) for day in (date(2026, 5, 12), date(2026, 11, 24)))
    desk.document.write_text(later if good else later.replace("2026-11-24", "2026-99-24"), encoding="utf-8")
    previous = desk.document.with_name("2026-05-12.json")
    previous.write_text(earlier, encoding="utf-8")
    guide = desk.folder / "guides" / "ours.yaml"
    guide.parent.mkdir()
    shutil.copy(templates_dir() / "production-support.yaml", guide)
    result = run_report(desk.document, desk.out, previous=previous, guide=guide, audience=audience)
    assert (result.error is None) == good
    machine = {
        str(desk.folder),
        str(Path.cwd()),
        str(Path.home()),
        sys.prefix,
        str(templates_dir()),
        tempfile.gettempdir(),
    }
    for path in (result.notebook_path, result.html_path):
        text = path.read_text(encoding="utf-8")
        assert [trace for trace in sorted(machine) if trace in text] == [], path.name
    told = "".join("".join(cell.source) for cell in executed(result).cells)
    assert 'document = "payments/2026-11-24.json"' in told and 'previous = "payments/2026-05-12.json"' in told


def test_an_earlier_document_and_a_guide_from_elsewhere_are_found_all_the_same(desk: Desk) -> None:
    desk.document.write_text(to_json(document(COHERENT)), encoding="utf-8")
    # Another folder, and the name of the document itself: neither may stand in the other's place.
    elsewhere = desk.folder / "old" / desk.document.name
    elsewhere.parent.mkdir()
    elsewhere.write_text(to_json(document(COHERENT, day=date(2026, 5, 12))), encoding="utf-8")
    result = run_report(desk.document, desk.out, previous=elsewhere)
    assert result.error is None
    assert "12 May 2026" in result.html_path.read_text(encoding="utf-8")


def older_guide(folder: Path) -> Path:
    """Return the built-in guide as an earlier version, which asked for less monitoring coverage."""
    raw = GUIDE.model_dump(by_alias=True, mode="json", exclude_none=True) | {"version": "0.9"}
    section = next(entry for entry in raw["sections"] if entry["id"] == "observability")
    question = next(entry for entry in section["questions"] if entry["id"] == "monitoring-coverage")
    question["rubric"]["bands"] = [10, 20, 30, 40, 50]
    path = folder / "older.yaml"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def test_the_guide_of_an_earlier_document_can_be_named_so_that_its_part_is_told_apart(desk: Desk) -> None:
    old = load_guide(older_guide(desk.folder))
    desk.document.write_text(to_json(document(COHERENT)), encoding="utf-8")
    before = desk.document.with_name("2026-05-12.json")
    before.write_text(to_json(document(COHERENT, day=date(2026, 5, 12), guide=old)), encoding="utf-8")
    told = "The guide changed from version 0.9 to 1.0; its part is told apart."
    for given in (None, desk.folder / "older.yaml"):
        result = run_report(desk.document, desk.out, previous=before, previous_guide=given)
        assert result.error is None
        assert (told in page(result).get_text()) == (given is not None)


def test_a_document_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(StorageError, match=r"nowhere\.json: there is no such file"):
        run_report(desk.folder / "nowhere.json", desk.out)


def test_this_process_is_left_as_it_was(desk: Desk) -> None:
    before = (Path.cwd(), dict(os.environ))
    desk.report(simple(code(f"import os\nos.environ[{STATIC_VARIABLE!r}]", "static")))
    assert (Path.cwd(), dict(os.environ)) == before


# -- Failures ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> ReportResult:
    before = words("# Payments\n\nWhat was known until then.")
    after = words("## Later words", "later")
    bad = code("print('progress')\n{}['missing <b>key</b>']", "bad")
    return Desk(tmp_path_factory.mktemp("failed")).report(simple(before, bad, after))


def test_a_failed_notebook_leaves_what_there_was(failed: ReportResult) -> None:
    assert failed.error == "The notebook failed in cell 3: KeyError: 'missing <b>key</b>'"
    assert any(output.output_type == "error" for cell in executed(failed).cells for output in cell.get("outputs", []))
    found = page(failed)
    assert "What was known until then." in found.get_text()
    assert found.title.get_text() == "Payments"


def test_the_page_of_a_failed_notebook_says_so_in_words(failed: ReportResult) -> None:
    problem = page(failed).find(class_="ak-problem")
    assert problem.strong.get_text() == "This report is incomplete."
    assert problem.pre.get_text() == failed.error
    assert page(failed).find(id=problem.a["href"].removeprefix("#")) is not None
    text = page(failed).get_text()
    assert "Traceback" not in text
    assert "\x1b" not in failed.html_path.read_text(encoding="utf-8")
    assert "papermill" not in text


def test_a_mistake_of_the_users_is_told_as_the_kit_tells_it(desk: Desk) -> None:
    source = (
        "from assessment_kit.errors import DocumentError, Problem\n"
        "raise DocumentError([Problem('a.json: team', 'it is missing', 'Add it.'), Problem('b', 'c', 'D.')])"
    )
    assert desk.report(simple(code(source, "bad"))).error == "a.json: team: it is missing. Add it.\nb: c. D."


def test_a_kernel_that_dies_leaves_what_there_was(desk: Desk) -> None:
    result = desk.report(simple(words("# Payments"), code("import os\nos._exit(1)", "bad")))
    assert result.error == "The notebook ended its process (exit code 1) before its last cell."
    assert page(result).h1.get_text() == "Payments"
    assert result.error in page(result).get_text()


def test_a_notebook_that_never_ends_is_stopped(desk: Desk) -> None:
    result = desk.report(simple(words("# Payments"), code("while True:\n    pass", "bad")), timeout=1)
    assert result.error.startswith("The notebook took longer than 1 seconds, and was stopped.")
    assert page(result).h1.get_text() == "Payments"


def test_a_parameter_that_the_notebook_does_not_have_is_refused(desk: Desk) -> None:
    misspelt = notebook(code(PARAMETERS.replace("audience", "audiance"), "parameters", "parameters"), SHOW)
    with pytest.raises(ReportError, match=r"does not declare audience\. Add it there"):
        desk.report(misspelt)
    assert not desk.out.exists()


def test_a_notebook_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(ReportError, match=r"nowhere\.ipynb: cannot be read"):
        run_report(desk.document, desk.out, notebook=desk.folder / "nowhere.ipynb")
    (desk.folder / "broken.ipynb").write_text("{")
    with pytest.raises(ReportError, match="is no notebook"):
        run_report(desk.document, desk.out, notebook=desk.folder / "broken.ipynb")


def test_a_place_that_cannot_be_written_is_told(desk: Desk) -> None:
    desk.out.write_text("a file is in the way")
    with pytest.raises(StorageError, match="reports"):
        desk.report(simple())
    assert desk.out.read_text() == "a file is in the way"


# -- Other notebooks, stock tools --------------------------------------------------------------------------------------


def test_any_notebook_with_text_parameters_can_be_executed(tmp_path: Path) -> None:
    master = notebook(code('workspace = ""', "parameters", "parameters"), code("workspace.upper()", "show"))
    done, html, problem = run_notebook(written(tmp_path / "m.ipynb", master), {"workspace": "teams"}, tmp_path / "out")
    assert problem == ""
    assert json.loads(done.read_text(encoding="utf-8"))["cells"][2]["outputs"][0]["data"]["text/plain"] == ["'TEAMS'"]
    assert "TEAMS" in html.read_text(encoding="utf-8")


def test_stock_papermill_and_nbconvert_give_one_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATIC_VARIABLE, raising=False)
    master, out = written(tmp_path / "master.ipynb", report_notebook()), tmp_path / "out.ipynb"
    papermill.execute_notebook(master, out, {"document": "x"}, progress_bar=False)
    assert out.read_text(encoding="utf-8").count("window.akEmbed||") == 1
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(templates_dir())])
    html, _ = exporter.from_filename(out)
    assert html.count("window.akEmbed||") == 1
    found = BeautifulSoup(html, "html.parser")
    assert len(found.select("figure[data-ak-chart]")) == 3
    assert found.title.get_text() == "Payments & <b>Co</b>"
    assert "import altair" not in html


# -- Where this system cannot fork ----------------------------------------------------------------------------------


@pytest.fixture
def no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "available", lambda: False)


@pytest.mark.usefixtures("no_fork")
def test_papermills_own_engine_gives_the_same_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stock = desk.report(report_notebook(), name="stock")
    monkeypatch.undo()
    forked = desk.report(report_notebook(), name="forked")
    assert stock.notebook_path.read_bytes() == forked.notebook_path.read_bytes()
    assert stock.html_path.read_bytes() == forked.html_path.read_bytes()


@pytest.mark.usefixtures("no_fork")
@pytest.mark.parametrize(
    "source, problem", [("import os\nos._exit(1)", "kernel died"), ("while True:\n    pass", "took longer than 2 sec")]
)
def test_papermills_own_engine_is_as_isolated(desk: Desk, source: str, problem: str) -> None:
    result = desk.report(simple(words("# Payments"), code(source, "bad")), timeout=2)
    assert problem in result.error
    assert page(result).h1.get_text() == "Payments"


@pytest.mark.usefixtures("no_fork")
def test_papermills_own_engine_holds_a_limit_of_memory(desk: Desk) -> None:
    greedy = "held = []\nwhile True:\n    held.append(bytes(1) * 2**22)"
    result = desk.report(simple(words("# Payments"), code(greedy, "bad")), max_memory=400 * 2**20, timeout=60)
    assert result.error.startswith("The notebook needed more than 400 MB of memory, and was stopped.")
    assert page(result).h1.get_text() == "Payments"


def test_an_error_of_the_notebooks_own_is_not_taken_for_a_limit(desk: Desk) -> None:
    result = desk.report(simple(code("raise KeyboardInterrupt", "bad")), timeout=60)
    assert "KeyboardInterrupt" in result.error
    assert "took longer" not in result.error


@pytest.mark.usefixtures("no_fork")
def test_a_kernel_that_does_not_start_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = papermill.execute_notebook

    def twice_in_vain(*arguments: Any, **options: Any) -> Any:
        calls.append("start")
        if len(calls) < 3:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*arguments, **options)

    monkeypatch.setattr(papermill, "execute_notebook", twice_in_vain)
    master = written(tmp_path / "n.ipynb", simple(SHOW))
    assert execute(master, {}).problem == ""
    assert len(calls) == 3


@pytest.mark.usefixtures("no_fork")
def test_a_kernel_that_never_starts_is_a_failure_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_vain(*arguments: Any, **options: Any) -> Any:
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(papermill, "execute_notebook", in_vain)
    master = written(tmp_path / "n.ipynb", simple(SHOW))
    assert "did not start: Kernel died" in execute(master, {}).problem
