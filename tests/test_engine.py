"""The papermill engine ``assessment-kit``: what it makes of a notebook is what papermill's own makes of it."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from assessment_kit import forks
from assessment_kit.engine import ENGINE, ForkEngine
from assessment_kit.pages.display import STATIC_VARIABLE
from assessment_kit.resources import examples_dir, notebook_path
from tests.report_notebooks import code, notebook, words, written

#: Everything that a cell can leave behind, and what most often goes otherwise in an engine of one's own.
EVERYTHING = notebook(
    words("# Words"),
    code("who = 'nobody'", "parameters", "parameters"),
    code("print('out'); import sys; print('err', file=sys.stderr); print('out again')", "streams"),
    code("from IPython.display import HTML, display\ndisplay(HTML('<b>1</b>')); print('x'); HTML('<b>2</b>')", "shown"),
    code("handle = display({'text/plain': 'first'}, raw=True, display_id='one')", "first"),
    code("handle.update({'text/plain': 'second'}, raw=True)", "second"),
    code("from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')", "cleared"),
    code("print('gone too'); clear_output(wait=True); print('stays too')", "cleared-later"),
    code("import asyncio\nawait asyncio.sleep(0, 'awaited'), asyncio.get_running_loop().is_running()", "awaited"),
    code("asyncio.get_running_loop().is_running()", "loop"),
    code("{'tuple': (1, 2), 'text': who}", "value"),
    code("display({'application/json': {'tuple': (1, 2.5, None)}, 'text/plain': 'json'}, raw=True)", "json"),
    code("_ + {}.__class__.__name__ if isinstance(_, str) else type(_).__name__, In[2], sorted(Out)", "history"),
    code("_private = 1;", "silent"),
    code("1 +* 2", "syntax", "raises-exception"),
    code("def f(x):\n    return 1 / x\nf(0)", "error", "raises-exception"),
    code("raise SystemExit", "exit", "raises-exception"),
    code("%time 1\n%%capture\n", "magic", "raises-exception"),
    code("%%capture caught\nprint('caught')", "capture"),
    code("caught.stdout, __name__, get_ipython().__class__.__name__, sys.modules['__main__'].who", "names"),
    code("import warnings\nwarnings.warn('mind')", "warning"),
    code("input('?')", "asks", "raises-exception"),
    code("import pandas as pd\npd.DataFrame({'n': [1, 2]})", "frame"),
    code("class Odd:\n    def _repr_html_(self):\n        raise ValueError('no')\nOdd()", "odd"),
    code("'\\ud800half a character'.encode('utf-8', 'surrogatepass')", "half"),
    code("import threading\nt = threading.Thread(target=print, args=('thread',)); t.start(); t.join()", "thread"),
    code("import os\n[os.environ.get('TERM'), os.getcwd() == os.path.realpath('.')]", "place"),
    code("for n in range(3):\n    print(n, end='\\r')\nprint()", "returns"),
    code("quit", "quit"),
    code("?len", "help"),
)  # fmt: skip


def bare(cell: nbformat.NotebookNode) -> dict[str, Any]:
    """Return a cell without ids, timings and addresses of objects."""
    found = json.loads(re.sub(r"0x[0-9a-f]{8,}|ipykernel_\d+", "…", json.dumps(cell)))
    found.pop("id", None)
    for noise in ("papermill", "execution"):
        found["metadata"].pop(noise, None)
    return dict(found)


def both(master: nbformat.NotebookNode, folder: Path, **more: Any) -> list[nbformat.NotebookNode]:
    """Execute a notebook with papermill's own engine and with ours, and return both as they were written."""
    found = []
    # Under pytest, ipykernel does not gather what programs print.
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    for engine in ("nbclient", ENGINE):
        out = folder / f"{engine}.ipynb"
        options = {"progress_bar": False, "coalesce_streams": True, **more}
        with suppress(PapermillExecutionError):  # which it raises for errors too that a notebook expects
            papermill.execute_notebook(copy.deepcopy(master), out, engine_name=engine, cwd=folder, **options)
        found.append(nbformat.read(out, as_version=4))
    return found


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> list[nbformat.NotebookNode]:
    return both(EVERYTHING, tmp_path_factory.mktemp("everything"), parameters={"who": "somebody"})


# With the parameters that papermill put in, and its two marks of where errors are.
@pytest.mark.parametrize("number", range(len(EVERYTHING.cells) + 3))
def test_a_cell_of_any_kind_is_what_papermills_own_engine_makes_of_it(
    everything: list[nbformat.NotebookNode], number: int
) -> None:
    stock, ours = (bare(found.cells[number]) for found in everything)
    if stock["source"].startswith("%time"):
        for cell in (stock, ours):
            for output in cell["outputs"]:
                output.pop("text", None)  # the times themselves
    assert ours == stock


def test_the_notebook_around_the_cells_is_the_same_too(everything: list[nbformat.NotebookNode]) -> None:
    stock, ours = everything
    assert len(stock.cells) == len(ours.cells)
    for found in everything:
        assert found.metadata.papermill.pop("exception")
        for varying in ("duration", "end_time", "start_time", "output_path"):
            assert found.metadata.papermill.pop(varying)
    assert ours.metadata == stock.metadata
    for one, other in zip(stock.cells, ours.cells, strict=True):
        told = one.metadata.get("papermill", {}), other.metadata.get("papermill", {})
        assert told[0].keys() == told[1].keys()
        assert told[0].get("status") == told[1].get("status")


@pytest.mark.parametrize("static", [True, False], ids=["for a page", "for JupyterLab"])
def test_the_master_notebook_is_the_same_cell_by_cell(
    tmp_path: Path, static: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if static:
        monkeypatch.setenv(STATIC_VARIABLE, "1")
    else:
        monkeypatch.delenv(STATIC_VARIABLE, raising=False)
    previous, document = sorted((examples_dir() / "workspace" / "payments").glob("*.json"))[-2:]
    parameters = {"document": str(document), "previous": str(previous), "guide": "", "audience": "team"}
    master = nbformat.read(notebook_path("team_report"), as_version=4)
    stock, ours = both(master, tmp_path, parameters=parameters)
    assert len(ours.cells) == len(master.cells) + 1
    for one, other in zip(stock.cells, ours.cells, strict=True):
        assert bare(other) == bare(one)
    assert sum("data-ak-chart" in str(cell.get("outputs")) for cell in ours.cells) > 5


def test_a_failed_notebook_is_the_same(tmp_path: Path) -> None:
    master = notebook(code("print('before')", "before"), code("1 / 0", "bad"), code("print('after')", "after"))
    found = []
    for engine in ("nbclient", ENGINE):
        out = tmp_path / f"{engine}.ipynb"
        with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
            papermill.execute_notebook(copy.deepcopy(master), out, engine_name=engine, progress_bar=False)
        found.append(nbformat.read(out, as_version=4))
    stock, ours = found
    assert [bare(cell) for cell in ours.cells] == [bare(cell) for cell in stock.cells]
    assert [cell.metadata.get("papermill", {}).get("status") for cell in ours.cells] == [
        cell.metadata.get("papermill", {}).get("status") for cell in stock.cells
    ]


def test_papermill_finds_the_engine_by_its_entry_point() -> None:
    assert papermill_engines.get_engine(ENGINE) is ForkEngine
    script = f"from papermill.engines import papermill_engines as e; print(e.get_engine({ENGINE!r}).__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ForkEngine"


def test_the_command_papermill_runs_a_notebook_with_it(tmp_path: Path) -> None:
    master = notebook(
        code("name = ''", "parameters", "parameters"), code("import os\nprint(name, os.getppid())", "show")
    )
    source, out = written(tmp_path / "in.ipynb", master), tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--engine", ENGINE, "-p", "name", "007", "--log-output", source, out]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = nbformat.read(out, as_version=4).cells[2].outputs[0].text
    assert shown in done.stderr.replace("\r", "")
    assert shown.startswith("7 ")


# -- Isolation ---------------------------------------------------------------------------------------------------------


def run(*sources: str, **more: Any) -> nbformat.NotebookNode:
    """Execute these cells with our engine."""
    cells = [code(source, f"c{number}") for number, source in enumerate(sources)]
    return papermill.execute_notebook(notebook(*cells), None, engine_name=ENGINE, progress_bar=False, **more)


def text(found: nbformat.NotebookNode, number: int = 0) -> str:
    """Return what a cell printed."""
    return "".join(output.text for output in found.cells[number].outputs if output.output_type == "stream")


def test_each_notebook_has_a_process_of_its_own_forked_from_the_same_warm_one() -> None:
    source = "import os\nprint(os.getpid(), os.getppid())"
    first, second = (text(run(source)).split() for _ in range(2))
    assert first[0] != second[0] != str(os.getpid())
    assert first[1] == second[1] != str(os.getpid())


def test_nothing_of_one_notebook_reaches_the_next_or_this_process() -> None:
    spoil = """
import os, sys, builtins, pandas, decimal
os.environ["SPOILT"] = "1"
os.chdir("/")
builtins.spoilt = x = 1
sys.path.append("/spoilt")
decimal.getcontext().prec = 3
pandas.set_option("display.max_rows", 1)
"""
    ask = """
import os, sys, builtins, pandas, decimal
print(os.environ.get("SPOILT"), os.getcwd(), hasattr(builtins, "spoilt"), "/spoilt" in sys.path)
print(decimal.getcontext().prec, pandas.get_option("display.max_rows"), "x" in dir(), len(In))
"""
    before = text(run(ask))
    run(spoil)
    assert text(run(ask)) == before
    assert "SPOILT" not in os.environ


def test_a_notebook_starts_as_new_a_kernel_as_any() -> None:
    found = run("print(sorted(name for name in globals() if not name.startswith('_')), len(In), Out)", "1")
    assert text(found) == "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit'] 2 {}\n"
    assert [cell.execution_count for cell in found.cells] == [1, 2]


def test_what_programs_print_is_an_output_too_in_its_place() -> None:
    # Not held against papermill's own engine: its kernel gathers it in a thread, and so in any order.
    source = "import os, subprocess\nprint('a')\n_ = os.system('echo b; echo wrong >&2')\nprint('c')"
    found = run(source + "\n_ = subprocess.run(['echo', 'd'])").cells[0].outputs
    assert {output.name: output.text for output in found} == {"stdout": "a\nb\nc\nd\n", "stderr": "wrong\n"}


def test_a_process_that_ends_in_mid_cell_is_a_dead_kernel_to_papermill(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    cells = [code("print('kept')", "one"), code("print('told', flush=True)\nimport os\nos._exit(3)", "two")]
    with pytest.raises(DeadKernelError, match="exit code 3"):
        papermill.execute_notebook(notebook(*cells), out, engine_name=ENGINE, progress_bar=False)
    found = nbformat.read(out, as_version=4)
    assert (text(found), text(found, 1)) == ("kept\n", "told\n")
    assert run("print('the next one is well')").cells[0].outputs


def test_papermills_timeout_of_a_cell_holds(tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        run("pass", "while True:\n    pass", execution_timeout=1)


def test_a_notebook_for_another_kernel_goes_to_papermills_own_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr("assessment_kit.engine._stock", lambda manager, name, options: called.append(name))
    run("1", kernel_name="python3")
    assert called == []
    other = notebook(code("1", "one"))
    other.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    papermill.execute_notebook(other, None, engine_name=ENGINE, progress_bar=False)
    assert called == ["ir"]


def test_where_there_is_no_fork_papermills_own_engine_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "available", lambda: False)
    source = "import os\nprint(os.getppid())"
    assert text(run(source)).strip() == str(os.getpid())  # a kernel that this process started
