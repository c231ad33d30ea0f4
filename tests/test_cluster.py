"""A batch on a Dask cluster of real worker processes gives the files that a batch here gives."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest

from assessment_kit.batch import run_batch
from assessment_kit.cli import main
from assessment_kit.errors import UsageError
from assessment_kit.outcomes import TeamOutcome
from tests.test_batch_faults import alive, at_once, children_of, faulty_notebook, manifest, until, workspace_of

distributed = pytest.importorskip("distributed")

# What Dask itself has to say about its own clean-up is not this project's matter.
pytestmark = pytest.mark.filterwarnings("ignore")

TEAMS = [f"team-{number:02}" for number in range(10)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(tmp_path_factory.mktemp("cluster") / "workspace", TEAMS)


@pytest.fixture(scope="module")
def here(workspace: Path) -> Path:
    """Return the reports as this machine alone makes them."""
    out = workspace.parent / "here"
    run_batch(workspace, out, generated="2026-11-24")
    return out


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a scheduler with two workers in processes of their own, each in a folder of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50
    ) as running:
        yield running


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_results_are_those_of_this_machine(cluster: Any, workspace: Path, here: Path, tmp_path: Path) -> None:
    result = run_batch(workspace, tmp_path / "out", generated="2026-11-24", cluster=cluster.scheduler_address)
    assert not result.failed
    assert contents(tmp_path / "out") == contents(here)


def test_a_notebook_that_goes_wrong_is_isolated_there_too(cluster: Any, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", ["exits", "endless", "well"])
    notebook = faulty_notebook(tmp_path / "faulty.ipynb")
    result = run_batch(workspace, tmp_path / "out", notebook=notebook, timeout=5, cluster=cluster.scheduler_address)
    assert {outcome.document.parent.name for outcome in result.failed} == {"exits", "endless"}
    assert "exit code 7" in result.outcomes[1].error
    for outcome in result.failed:
        assert outcome.notebook is not None
        assert '"output_type": "error"' in outcome.notebook.read_text("utf-8")


def test_workers_with_other_code_are_refused(cluster: Any, workspace: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("assessment_kit.cluster.code_digest", lambda: "another")
    with pytest.raises(UsageError, match=r"2 of 2 workers cannot make the same reports.*Install the same version"):
        run_batch(workspace, tmp_path / "out", cluster=cluster.scheduler_address)


def test_a_worker_that_is_killed_in_mid_run_loses_nothing(
    cluster: Any, workspace: Path, here: Path, tmp_path: Path
) -> None:
    killed = threading.Event()
    workers = [worker.pid for worker in cluster.workers.values()]

    def on_done(outcome: TeamOutcome, done: int, of: int) -> None:
        if done == 2:
            os.kill(workers[0], signal.SIGKILL)
            killed.set()

    result = run_batch(
        workspace, tmp_path / "out", generated="2026-11-24", cluster=cluster.scheduler_address, on_done=on_done
    )
    assert killed.is_set()
    assert not result.failed
    assert contents(tmp_path / "out") == contents(here)


def test_a_cluster_without_workers_is_told(workspace: Path, tmp_path: Path) -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as empty,
        pytest.raises(UsageError, match=r"no workers\. Start one on each machine: dask worker tcp://"),
    ):
        run_batch(workspace, tmp_path / "out", cluster=empty.scheduler_address)


# -- Schedulers and workers that come and go ---------------------------------------------------------------------------


class Processes:
    """A scheduler and workers, each started as a user starts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.dask("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = str(until(self._address))

    def _address(self) -> str:
        try:
            return str(json.loads((self.folder / "scheduler.json").read_text("utf-8"))["address"])
        except (OSError, ValueError):
            return ""

    def worker(self, *more: str) -> subprocess.Popen[bytes]:
        return self.dask("worker", "--nthreads", "1", *more)

    def dask(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, "--no-dashboard", "--scheduler-file", "scheduler.json", *more]
        return self.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def batch(self, workspace: Path, *more: str, notebook: Path | None = None) -> subprocess.Popen[bytes]:
        code = "import sys; from pathlib import Path; from assessment_kit import batch, cli\n"
        if notebook:
            code += f"batch.notebook_path = lambda name: Path({str(notebook)!r})\n"
        command = ["batch", str(workspace), "--out", str(self.folder / "out"), "--cluster", self.address, *more]
        return self.start([sys.executable, "-c", f"{code}sys.exit(cli.main({command!r}))"], stderr=subprocess.PIPE)

    def start(self, command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, cwd=self.folder, **more)
        self.running.append(process)
        return process

    def end(self) -> None:
        below = [child for process in self.running for child in children_of(process.pid)]
        for process in self.running:
            process.kill()
            process.communicate()
        for child in below:
            until(lambda child=child: not alive(child))


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    # A shell starts what runs in the background with Ctrl-C ignored, and every program below inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    found = Processes(tmp_path)
    yield found
    signal.signal(signal.SIGINT, before)
    found.end()


@pytest.fixture
def endless(tmp_path: Path) -> tuple[Path, Path, Callable[[], int]]:
    """Return a workspace, a notebook that never ends, and what waits for it and gives its process."""
    mark = tmp_path / "runs"
    declared = [f'{name} = ""' for name in ("document", "previous", "guide", "audience")]
    loop = f"""
import os, pathlib
pathlib.Path({str(mark)!r} + ".new").write_text(str(os.getpid()))
os.rename({str(mark)!r} + ".new", {str(mark)!r})
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
    code = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(
        cells=[code("\n".join(declared), metadata={"tags": ["parameters"]}), code(loop.strip())]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "endless.ipynb")

    def process() -> int:
        until(mark.exists)
        found = int(mark.read_text("ascii"))
        mark.unlink()
        return found

    return workspace_of(tmp_path / "workspace", ["endless"]), tmp_path / "endless.ipynb", process


def line_with(process: subprocess.Popen[bytes], words: bytes) -> bytes:
    """Return the next line of a process that holds these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def stops_at_once(process: subprocess.Popen[bytes]) -> None:
    """Check that Ctrl-C ends a batch within two seconds, and whatever longer the smallest command takes here now."""
    process.send_signal(signal.SIGINT)
    with at_once():
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.count(b"\n")) == (130, 1)
    assert b"Run the same command again" in errors


def test_a_scheduler_that_is_lost_ends_the_batch_with_one_message(processes: Processes, workspace: Path) -> None:
    worker = processes.worker()
    assert has_workers(processes.address)
    batch = processes.batch(workspace)
    line_with(batch, b"[2/10] ok")
    processes.scheduler.kill()
    with at_once():
        _, errors = batch.communicate(timeout=60)
    told = [line for line in errors.splitlines() if not line.startswith(b"[")]
    assert batch.returncode == 1
    assert len(told) == 1 and b"connection to the scheduler was lost. What was made is kept" in told[0]
    assert b"FAILED" not in errors
    found = manifest(processes.folder / "out")
    assert found["complete"] is False
    assert 2 <= len(found["teams"]) < 10 and {entry["status"] for entry in found["teams"]} == {"ok"}
    # Nobody works on for nobody.
    assert worker.wait(60) is not None


def test_a_notebook_that_nobody_waits_for_any_more_is_ended_on_its_worker(
    processes: Processes, endless: tuple[Path, Path, Callable[[], int]]
) -> None:
    workspace, notebook, process = endless
    processes.worker()
    assert has_workers(processes.address)
    batch = processes.batch(workspace, notebook=notebook)
    running = process()
    stops_at_once(batch)
    until(lambda: not alive(running))
    # Its client cannot say so.
    batch = processes.batch(workspace, notebook=notebook)
    running = process()
    batch.kill()
    until(lambda: not alive(running))
    # The worker is free for the next one. Its scheduler hangs, which Ctrl-C does not wait for.
    batch = processes.batch(workspace, notebook=notebook)
    running = process()
    processes.scheduler.send_signal(signal.SIGSTOP)
    stops_at_once(batch)


def test_a_worker_that_is_stopped_ends_its_notebook_and_gives_it_back(
    processes: Processes, endless: tuple[Path, Path, Callable[[], int]]
) -> None:
    workspace, notebook, process = endless
    worker = processes.worker("--nanny")
    assert has_workers(processes.address)
    batch = processes.batch(workspace, notebook=notebook)
    running = process()
    worker.terminate()
    until(lambda: not alive(running))
    assert worker.wait(60) is not None
    assert processes.address.encode() in line_with(batch, b"the cluster has no workers any more. Waiting for one")
    worker = processes.worker("--no-nanny")
    assert line_with(batch, b"the cluster has workers again")
    running = process()
    worker.terminate()
    until(lambda: not alive(running))
    assert worker.wait(60) is not None
    stops_at_once(batch)


def has_workers(address: str) -> bool:
    """Wait until a cluster has workers."""
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
    return True


# -- Addresses ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stranger() -> Iterator[Callable[[bytes], str]]:
    """Return what gives the address of a server that says something to whoever comes, and nothing more."""
    servers: list[socket.socket] = []

    def start(words: bytes) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def serve() -> None:
            kept = []
            with suppress(OSError):
                while True:
                    kept.append(server.accept()[0])
                    kept[-1].sendall(words)

        threading.Thread(target=serve, daemon=True).start()
        return f"127.0.0.1:{server.getsockname()[1]}"

    yield start
    for server in servers:
        server.close()


def told_of(address: str, workspace: Path, out: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Return the one line that a user is told of an address."""
    assert main(["batch", str(workspace), "--out", str(out), "--cluster", address]) == 2
    gc.collect()  # what is thrown away has nothing to say either
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"{address}: ")
    return line


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "blah://", "http://127.0.0.1:80", "tcp://127.0.0.1:99999", "tcp://:8786", "inproc://1/2"]
)
def test_an_address_that_is_none_is_told(
    address: str, workspace: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "is no address of a Dask scheduler. Write what" in told_of(address, workspace, tmp_path / "out", capfd)


@pytest.mark.parametrize("scheme", ["", "ws://"], ids=["tcp", "ws"])
@pytest.mark.parametrize(
    "words",
    [b"", b"220 ready\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(64)],
    ids=["nothing", "mail", "web", "zeros"],
)
def test_somebody_else_at_the_address_is_told(
    scheme: str,
    words: bytes,
    stranger: Callable[[bytes], str],
    workspace: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assessment_kit.cluster_client.PATIENCE", 0.5)
    told = told_of(scheme + stranger(words), workspace, tmp_path / "out", capfd)
    assert "what answers there is no Dask scheduler" in told and "check the address" in told


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_an_encrypted_address_without_certificates_is_told(
    scheme: str, workspace: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = told_of(f"{scheme}://127.0.0.1:9", workspace, tmp_path / "out", capfd)
    assert "needs certificates. Name them in Dask's configuration: distributed.comm.tls.ca-file" in told


def test_ctrl_c_while_it_connects_stops_at_once(
    stranger: Callable[[bytes], str], workspace: Path, processes: Processes
) -> None:
    processes.address = f"tcp://{stranger(b'')}"
    batch = processes.batch(workspace)
    until((processes.folder / "out" / ".lock").exists)
    stops_at_once(batch)


def test_a_scheduler_that_does_not_answer_is_told(
    workspace: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = told_of("tcp://127.0.0.1:9", workspace, tmp_path / "out", capfd)
    assert "no Dask scheduler answers there (the connection was refused)" in told and "dask scheduler" in told
