"""The batch when something goes wrong: one team fails with its reason, the others are made, nothing is left half."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters import strip_ansi

from assessment_kit.batch import run_batch
from assessment_kit.cli import main
from assessment_kit.errors import UsageError
from assessment_kit.forks import WarmProcess
from assessment_kit.fulfilment import fulfil
from assessment_kit.memory import LEAST
from assessment_kit.orders import Limits, Order, send_order
from assessment_kit.outcomes import BatchResult
from assessment_kit.places import LocalPlace
from assessment_kit.resources import examples_dir, notebook_path
from assessment_kit.watching import LostError

MEGABYTE = 2**20

#: What the notebook does for a team of this name, before its first chart.
FAULTS = {
    "cell-error": "{}['no such key']",
    "endless": "print('before the loop')\nwhile True:\n    pass",
    "stubborn": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    "hungry": "hoard = []\nwhile True:\n    hoard.append(bytearray(1_000_000))",
    "exits": "import os\nos._exit(7)",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "forks": "import os, time\nif os.fork() == 0:\n    time.sleep(600)\nos._exit(0)",
    "leaves": "import subprocess, sys\nleft = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])",
}
REASONS = {
    "cell-error": "KeyError: 'no such key'",
    "endless": "took longer than 6 seconds",
    "stubborn": "took longer than 6 seconds",
    "hungry": "needed more than 600 MB of memory",
    "exits": "ended its process (exit code 7)",
    "killed": "was killed (SIGKILL)",
    "crashes": "was killed (SIGSEGV)",
    "forks": "ended its process before its last cell",
}


def faulty_notebook(path: Path, extra: str = "") -> Path:
    """Write the master notebook with a cell that goes wrong for the teams in :data:`FAULTS`, and return its path."""
    master = nbformat.read(notebook_path("team_report"), as_version=4)
    lines = ["fault = document.split('/')[0]"]
    for name, source in FAULTS.items():
        lines += [f"if fault == {name!r}:", *("    " + line for line in source.splitlines())]
    place = next(number for number, cell in enumerate(master.cells) if cell.id == "head") + 1
    master.cells.insert(place, nbformat.v4.new_code_cell("\n".join(lines) + "\n" + extra, id="fault"))
    nbformat.write(master, path)
    return path


def workspace_of(folder: Path, teams: list[str]) -> Path:
    """Write a workspace of these teams, all with the same answers, and return it."""
    source = examples_dir() / "workspace" / "payments"
    document = json.loads(max(source.glob("*.json")).read_text("utf-8"))
    for team in teams:
        (folder / team).mkdir(parents=True)
        text = json.dumps({**document, "team": team.replace("-", " ").title(), "date": "2026-11-24"})
        (folder / team / "2026-11-24.json").write_text(text, encoding="utf-8")
    return folder


def manifest(out: Path) -> dict[str, Any]:
    """Return the manifest, which is valid at every moment."""
    return dict(json.loads((out / "manifest.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BatchResult]:
    folder = tmp_path_factory.mktemp("faults")
    workspace = workspace_of(folder / "workspace", [*FAULTS, "well", "well-too"])
    notebook = faulty_notebook(folder / "faulty.ipynb")
    limits = {"timeout": 6, "max_memory": 600 * MEGABYTE}
    return folder / "out", run_batch(workspace, folder / "out", notebook=notebook, workers=2, **limits)


def outcome(batch: tuple[Path, BatchResult], team: str) -> Any:
    return next(found for found in batch[1].outcomes if found.document.parent.name == team)


@pytest.mark.parametrize("team", REASONS)
def test_a_team_that_goes_wrong_fails_with_its_reason(batch: tuple[Path, BatchResult], team: str) -> None:
    assert REASONS[team] in outcome(batch, team).error


def test_all_the_others_are_made(batch: tuple[Path, BatchResult]) -> None:
    made = {found.document.parent.name for found in batch[1].outcomes if found.ok}
    assert made == {"well", "well-too", "leaves"}
    for team in made:
        assert outcome(batch, team).html.stat().st_size > 100_000


@pytest.mark.parametrize("team", REASONS)
def test_its_partial_notebook_holds_what_there_was_and_shows_the_error(
    batch: tuple[Path, BatchResult], team: str
) -> None:
    found = nbformat.read(outcome(batch, team).notebook, as_version=4)
    nbformat.validate(found)
    by_id = {cell.id: cell for cell in found.cells}
    assert "text/html" in by_id["head"].outputs[0].data
    errors = [output for output in by_id["fault"].outputs if output.output_type == "error"]
    assert len(errors) == 1
    assert by_id["scores"].outputs == []
    page = outcome(batch, team).html.read_text("utf-8")
    assert "This report is incomplete." in page
    assert "Payments" in page or team.replace("-", " ").title() in page


def test_a_loop_is_stopped_where_it_is_and_what_it_printed_is_kept(batch: tuple[Path, BatchResult]) -> None:
    found = nbformat.read(outcome(batch, "endless").notebook, as_version=4)
    (fault,) = (cell for cell in found.cells if cell.id == "fault")
    assert fault.outputs[0].text == "before the loop\n"
    assert fault.outputs[1].ename == "KeyboardInterrupt"
    assert "while True" in strip_ansi("".join(fault.outputs[1].traceback))


def test_too_much_memory_is_met_where_it_was_asked_for(batch: tuple[Path, BatchResult]) -> None:
    found = nbformat.read(outcome(batch, "hungry").notebook, as_version=4)
    (fault,) = (cell for cell in found.cells if cell.id == "fault")
    assert fault.outputs[0].ename == "MemoryError"


def test_manifest_and_index_tell_of_every_team(batch: tuple[Path, BatchResult]) -> None:
    told = {entry["document"].split("/")[0]: entry for entry in manifest(batch[0])["teams"]}
    assert set(told) == {*FAULTS, "well", "well-too"}
    assert {name for name, entry in told.items() if entry["status"] == "failed"} == set(REASONS)
    assert manifest(batch[0])["complete"] is True
    index = (batch[0] / "index.html").read_text("utf-8")
    assert "took longer than 6 seconds" in index


def test_nothing_that_a_notebook_started_outlives_it(batch: tuple[Path, BatchResult]) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("only Linux tells what runs")
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _readable(path)]
    assert [command for command in commands if b"import time; time.sleep(600)" in command] == []


def _readable(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_the_next_batch_makes_only_what_failed(batch: tuple[Path, BatchResult], tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(batch[0], out)
    notebook = batch[0].parent / "faulty.ipynb"
    again = run_batch(batch[0].parent / "workspace", out, notebook=notebook, timeout=6, max_memory=600 * MEGABYTE)
    assert {found.document.parent.name for found in again.outcomes if found.unchanged} == {"well", "well-too", "leaves"}
    assert {found.error for found in again.failed} == {found.error for found in batch[1].failed}


# -- Stopped from outside ----------------------------------------------------------------------------------------------


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for a condition and return what it gave."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "the condition was never met"
        time.sleep(0.02)
    return found


@contextmanager
def at_once() -> Iterator[None]:
    """Check that what happens inside takes two seconds, and what a command that does nothing takes here and now."""
    started = time.monotonic()
    yield
    took = time.monotonic() - started
    # Loading Python and ending it again is what a busy machine makes slow: measured when it is as busy as it was.
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "assessment_kit", "--version"], check=True, stdout=subprocess.DEVNULL)
    assert took < 2 + (time.monotonic() - started)


TEAMS = [f"team-{number:02}" for number in range(12)]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start batches of twelve teams; whatever still runs at the end is ended."""
    workspace_of(tmp_path / "workspace", TEAMS)
    running = []

    def start(*more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "assessment_kit", "batch", str(tmp_path / "workspace")]
        command += ["--out", str(tmp_path / "out"), "--workers", "2", *more]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        running.append(process)
        return process

    # A shell starts what runs in the background with Ctrl-C ignored, and every program below inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield start
    signal.signal(signal.SIGINT, before)
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pages(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob("team-*.html")) if out.is_dir() else []


def children_of(process: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == process:
            found += [int(path.parent.name), *children_of(int(path.parent.name))]
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def check_completed(out: Path) -> None:
    """Check that a batch is whole: every team once, and nothing that somebody began to write."""
    found = manifest(out)
    assert found["complete"] is True
    assert [entry["team"] for entry in found["teams"]] == [f"Team {number:02}" for number in range(12)]
    assert {entry["status"] for entry in found["teams"]} == {"ok"}
    for entry in found["teams"]:
        for kind in ("html", "notebook"):
            assert (out / entry[kind]).stat().st_size == entry[f"{kind}_bytes"]
    names = {path.name for path in out.iterdir()}
    made = {entry[kind] for entry in found["teams"] for kind in ("html", "notebook")}
    assert names == made | {"manifest.json", "index.html"}
    index = (out / "index.html").read_text("utf-8")
    assert set(re.findall(r'href="(team-[^"]+)"', index)) == {f"team-{n:02}-2026-11-24.html" for n in range(12)}


def test_ctrl_c_stops_at_once_and_leaves_a_valid_manifest(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = started()
    until(lambda: len(pages(out)) >= 4)  # one of them at least is written down too
    working = children_of(process.pid)
    process.send_signal(signal.SIGINT)
    with at_once():
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert b"again" in errors  # says how to go on
    assert not [child for child in until(lambda: working) if alive(child)]
    found = manifest(out)
    assert found["complete"] is False
    assert 1 <= len(found["teams"]) < 12
    assert started().wait(240) == 0
    check_completed(out)


def test_two_batches_do_not_write_into_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace, out = workspace_of(tmp_path / "workspace", ["one"]), tmp_path / "out"
    with LocalPlace(out).prepared():
        (out / ".half.html.tmp").write_bytes(b"of the batch that runs")
        assert main(["batch", str(workspace), "--out", str(out)]) == 2
        assert (out / ".half.html.tmp").exists()
    assert "another batch is writing its reports there. Wait until it has ended" in capsys.readouterr().err
    assert main(["batch", str(workspace), "--out", str(out)]) == 0
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_ctrl_c_while_it_warms_up_stops_too(started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path) -> None:
    process = started()
    until(lambda: children_of(process.pid))
    process.send_signal(signal.SIGINT)
    with at_once():
        assert process.wait(60) == 130
    assert manifest(tmp_path / "out")["teams"] == []


@pytest.mark.parametrize("moment", [0, 1, 7])
def test_a_batch_that_was_killed_is_completed_by_running_it_again(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, moment: int
) -> None:
    out = tmp_path / "out"
    process = started()
    until(lambda: len(pages(out)) >= moment and children_of(process.pid))
    working = children_of(process.pid)
    process.kill()
    process.wait()
    until(lambda: not [child for child in working if alive(child)], 30)  # nobody works on for nobody
    # As if it had been in the middle of one more file.
    (out / ".team-03-2026-11-24.html.tmp").write_bytes(b"<!DOCTYPE html>")
    if (out / "manifest.json").exists():
        manifest(out)
    assert started().wait(240) == 0
    check_completed(out)


def test_when_the_warm_process_is_killed_its_work_is_done_again(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = started()
    until(lambda: len(pages(out)) >= 2)
    warm = next(child for child in children_of(process.pid) if children_of(child))
    os.kill(warm, signal.SIGKILL)
    assert process.wait(90) == 0
    check_completed(out)


def test_who_notices_late_that_the_warm_process_was_lost_leaves_the_new_one_alone(tmp_path: Path) -> None:
    master = nbformat.read(notebook_path("team_report"), as_version=4)
    notebook = nbformat.v4.writes(master).encode()
    master.cells.insert(0, nbformat.v4.new_code_cell("import time\nwhile True:\n    time.sleep(0.01)"))
    endless = Order(nbformat.v4.writes(master).encode(), "endless.ipynb", {"document": "x.json"}, page=False)
    order = Order(notebook, "report.ipynb", {"document": "nowhere.json", "audience": "team"}, page=False)
    heard, replaced = threading.Event(), threading.Event()

    def busy(head: Mapping[str, Any], parts: list[bytes]) -> bool:
        heard.set()
        return not replaced.wait(120)

    # Other tests' processes may be there as well.
    before = set(children_of(os.getpid()))
    # The warm process ends first, and with it whatever a thread still waits for.
    with ThreadPoolExecutor(1) as pool, WarmProcess(rehearse=False) as warm:
        late = pool.submit(
            warm.run,
            lambda channel: send_order(channel, endless, scratch=str(tmp_path), limits={}),
            busy,
            limits=Limits(),
        )
        assert heard.wait(120)
        lost = next(child for child in children_of(os.getpid()) if child not in before)
        os.kill(lost, signal.SIGKILL)
        try:
            problem = fulfil(order, Limits(), warm).problem
            after = [child for child in set(children_of(os.getpid())) - before if children_of(child)]
        finally:
            replaced.set()
        assert "nowhere.json" in problem
        with pytest.raises(LostError):
            late.result(120)
        assert after and all(alive(child) for child in after)


# -- Nothing twice -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a workspace of three teams and their reports."""
    folder = tmp_path_factory.mktemp("made")
    workspace = workspace_of(folder / "workspace", ["one", "two", "three"])
    earlier = json.loads((workspace / "two" / "2026-11-24.json").read_text("utf-8"))
    (workspace / "two" / "2026-05-12.json").write_text(json.dumps({**earlier, "date": "2026-05-12"}), encoding="utf-8")
    run_batch(workspace, folder / "out", generated="2026-11-24")
    return folder


@pytest.fixture
def again(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it to change."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


def remade(folder: Path, **more: Any) -> set[str]:
    result = run_batch(folder / "workspace", folder / "out", generated="2026-11-24", **more)
    assert not result.failed
    return {found.document.parent.name for found in result.outcomes if not found.unchanged}


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in (folder / "out").glob("*-2026-11-24.*")}


def test_what_would_come_out_the_same_is_not_made_again(again: Path) -> None:
    before, files = stamps(again), {path.name: path.read_bytes() for path in (again / "out").iterdir()}
    assert remade(again) == set()
    assert stamps(again) == before
    assert {path.name: path.read_bytes() for path in (again / "out").iterdir()} == files


def test_force_makes_everything_again_with_the_same_bytes(again: Path) -> None:
    files = {path.name: path.read_bytes() for path in (again / "out").iterdir()}
    assert remade(again, force=True) == {"one", "two", "three"}
    assert {path.name: path.read_bytes() for path in (again / "out").iterdir()} == files


def edited(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    document["answers"].popitem()
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda folder: edited(folder / "workspace" / "one" / "2026-11-24.json"), {"one"}),
        (lambda folder: edited(min((folder / "workspace" / "two").glob("*.json"))), {"two"}),
        (lambda folder: (folder / "out" / "three-2026-11-24.html").unlink(), {"three"}),
        (lambda folder: (folder / "out" / "three-2026-11-24.ipynb").write_text("{"), {"three"}),
        (lambda folder: (folder / "out" / "manifest.json").unlink(), {"one", "two", "three"}),
        (lambda folder: (folder / "out" / "manifest.json").write_text("{"), {"one", "two", "three"}),
    ],
    ids=["document", "earlier document", "page gone", "notebook cut short", "no manifest", "broken manifest"],
)
def test_only_what_a_change_concerns_is_made_again(
    again: Path, change: Callable[[Path], Any], expected: set[str]
) -> None:
    change(again)
    assert remade(again) == expected


@pytest.mark.parametrize("what", ["guide", "notebook", "code"])
def test_what_concerns_all_reports_makes_all_again(again: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    more: dict[str, Any] = {}
    if what == "guide":
        guide = Path(notebook_path("team_report")).parents[1] / "templates" / "production-support.yaml"
        more["guide"] = str(shutil.copy(guide, again / "my-guide.yaml"))
    elif what == "notebook":
        more["notebook"] = faulty_notebook(again / "mine.ipynb")
    else:
        monkeypatch.setattr("assessment_kit.batch_settings.code_digest", lambda: "another")
    assert remade(again, **more) == {"one", "two", "three"}
    assert remade(again, **more) == set()


def test_a_folder_holds_reports_for_one_audience(again: Path) -> None:
    with pytest.raises(UsageError, match=r"holds reports for another audience \(team\), such as one-.*Give another"):
        run_batch(again / "workspace", again / "out", audience="leadership")
    assert remade(again) == set()
    run_batch(again / "workspace", again / "for-leadership", audience="leadership", generated="2026-11-24")


def test_a_killed_batch_that_overwrote_files_is_found_out_by_their_bytes(again: Path) -> None:
    # As after SIGKILL: the manifest of the moment before, and files that are as large as then.
    manifest = json.loads((again / "out" / "manifest.json").read_text("utf-8"))
    manifest["complete"] = False
    (again / "out" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    page = again / "out" / "two-2026-11-24.html"
    page.write_bytes(page.read_bytes().replace(b"hours", b"h0urs", 1))
    assert remade(again) == {"two"}
    assert b"h0urs" not in page.read_bytes()


def test_the_manifest_is_incomplete_before_the_first_file_is_overwritten(
    again: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, seen = LocalPlace.write, []

    def written(place: LocalPlace, name: str, data: bytes) -> None:
        seen.append((name, json.loads(place.read("manifest.json") or b"{}").get("complete")))
        write(place, name, data)

    monkeypatch.setattr(LocalPlace, "write", written)
    assert remade(again, force=True) == {"one", "two", "three"}
    assert [complete for name, complete in seen if name.endswith((".html", ".ipynb"))] == [False] * 7
    assert json.loads((again / "out" / "manifest.json").read_text("utf-8"))["complete"] is True


def test_files_of_earlier_batches_are_named_as_long_as_they_are_there(
    again: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(again / "workspace" / "one")
    for _ in range(2):
        result = run_batch(again / "workspace", again / "out", generated="2026-11-24")
        assert result.earlier == ("one-2026-11-24.html", "one-2026-11-24.ipynb")
    assert main(["batch", str(again / "workspace"), "--out", str(again / "out")]) == 0
    told = "From earlier batches 2 files are still in the folder, such as one-2026-11-24.html."
    assert told in capsys.readouterr().out
    for name in result.earlier:
        (again / "out" / name).unlink()
    assert run_batch(again / "workspace", again / "out", generated="2026-11-24").earlier == ()


def test_a_report_is_the_same_wherever_it_is_made(again: Path) -> None:
    # No path of this machine is in it: the document is named as seen from the workspace.
    for path in (again / "out").iterdir():
        assert str(again.parent) not in path.read_text("utf-8")
    notebook = nbformat.read(again / "out" / "two-2026-11-24.ipynb", as_version=4)
    assert any('document = "two/2026-11-24.json"' in cell.source for cell in notebook.cells)


def test_two_processes_and_one_give_the_same_bytes(again: Path, tmp_path: Path) -> None:
    run_batch(again / "workspace", tmp_path / "other", workers=1, generated="2026-11-24")
    for path in (again / "out").iterdir():
        assert (tmp_path / "other" / path.name).read_bytes() == path.read_bytes()


def test_a_worker_has_one_thread_for_numbers(tmp_path: Path) -> None:
    source = "import os\nprint({name: os.environ[name] for name in os.environ if name.endswith('_NUM_THREADS')})"
    notebook = faulty_notebook(tmp_path / "n.ipynb", source)
    run_batch(workspace_of(tmp_path / "w", ["one"]), tmp_path / "out", notebook=notebook)
    found = (tmp_path / "out" / "one-2026-11-24.ipynb").read_text("utf-8")
    assert re.findall(r"'(\w+)_NUM_THREADS': '1'", found)
    assert "OPENBLAS_NUM_THREADS" in found


# -- What the command says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["0", "-1", "soon", "inf"])
def test_a_timeout_that_is_none_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["batch", "somewhere", "--timeout", value])
    assert "--timeout" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["much", "2Q", "1M", str(LEAST - 1)])
def test_a_limit_of_memory_that_is_none_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["batch", "somewhere", "--max-memory", value])
    assert "--max-memory" in capsys.readouterr().err


def test_the_command_says_what_it_left_as_it_was(again: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_batch(again / "workspace", again / "out", generated="2026-11-24")
    assert main(["batch", str(again / "workspace"), "--out", str(again / "out")]) == 0
    told = capsys.readouterr()
    assert "3 of 3 reports made (3 of them unchanged)." in told.out
    assert told.err.count("unchanged") == 3
