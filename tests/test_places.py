"""Folders behind URLs: a batch reads its documents from them and writes its reports to them as to a folder here."""

from __future__ import annotations

import builtins
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.batch import run_batch
from assessment_kit.cli import main
from assessment_kit.document import MAX_BYTES
from assessment_kit.errors import DocumentError, StorageError, UsageError
from assessment_kit.outcomes import BatchResult
from assessment_kit.places import LocalPlace, RemotePlace, place_of
from tests.test_batch_faults import workspace_of

fsspec = pytest.importorskip("fsspec")

TEAMS = ["one", "two", "w x+y é"]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a workspace and its reports, made here: what every other place must come to."""
    folder = tmp_path_factory.mktemp("local")
    workspace = workspace_of(folder / "workspace", TEAMS)
    (workspace / "broken").mkdir()
    (workspace / "broken" / "2026-11-24.json").write_text("{", encoding="utf-8")
    (workspace / "one" / ".history").mkdir()
    (workspace / "one" / "2026-11-24.conflict-1.json").write_text("{}", encoding="utf-8")
    run_batch(workspace, folder / "out", generated="2026-11-24", workers=2)
    return folder


def upload(local: Path, system: Any, root: str) -> None:
    for path in sorted((local / "workspace").rglob("*.json")):
        system.pipe_file(f"{root}/{path.relative_to(local / 'workspace').as_posix()}", path.read_bytes())


def check_like_local(local: Path, system: Any, root: str, result: BatchResult) -> None:
    """Check that the files in a place are those of the local batch, byte for byte."""
    here = {path.name: path.read_bytes() for path in (local / "out").iterdir()}
    there = {name.rsplit("/", 1)[-1]: system.cat_file(name) for name in system.find(root)}
    assert there.keys() == here.keys()
    for name, data in here.items():
        assert there[name] == data, name
    assert [outcome.team for outcome in result.outcomes] == ["broken", "One", "Two", "W X+Y É"]
    assert len(result.failed) == 1


def test_from_memory_to_memory(local: Path) -> None:
    system = fsspec.filesystem("memory")
    upload(local, system, "/ws")
    result = run_batch("memory://ws", "memory://reports/here", generated="2026-11-24", workers=2)
    check_like_local(local, system, "/reports/here", result)
    again = run_batch("memory://ws", "memory://reports/here", generated="2026-11-24", workers=2)
    assert [outcome.unchanged for outcome in again.outcomes] == [False, True, True, True]
    check_like_local(local, system, "/reports/here", again)


def test_from_a_folder_to_a_url_of_a_file(local: Path, tmp_path: Path) -> None:
    url = (tmp_path / "a folder").as_uri()
    result = run_batch(local / "workspace", url, generated="2026-11-24", workers=2)
    check_like_local(local, fsspec.filesystem("file"), str(tmp_path / "a folder"), result)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a file system of a small S3 server in a process of this test."""
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = server(ip_address="127.0.0.1", port=port, verbose=False)
    running.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3").clear_instance_cache()
    system = fsspec.filesystem("s3")
    system.mkdir("bucket")
    yield system
    system.clear_instance_cache()
    running.stop()


@pytest.mark.filterwarnings("ignore")  # of what the S3 library and the server say about each other
def test_from_s3_to_s3(local: Path, s3: Any) -> None:
    upload(local, s3, "bucket/ws")
    result = run_batch("s3://bucket/ws/", "s3://bucket/reports", generated="2026-11-24", workers=2)
    check_like_local(local, s3, "bucket/reports", result)
    assert str(result.index) == "index.html"
    assert result.where_index_is == "s3://bucket/reports/index.html"
    with pytest.raises(StorageError, match=r"s3://buckte/reports/manifest\.json: cannot be reached"):
        run_batch("s3://bucket/ws/", "s3://buckte/reports", generated="2026-11-24", workers=2)
    assert not s3.exists("buckte")
    again = run_batch("s3://bucket/ws", "s3://bucket/reports", generated="2026-11-24", workers=2)
    assert sum(outcome.unchanged for outcome in again.outcomes) == 3


# -- What can be wrong -------------------------------------------------------------------------------------------------


def test_a_drive_letter_is_no_url() -> None:
    assert isinstance(place_of("C:\\assessments"), LocalPlace)
    assert isinstance(place_of("memory://x"), RemotePlace)


@pytest.mark.parametrize(
    "url, path",
    [
        ("file:///a/b c", "/a/b c"),
        ("file:///a/b%20c", "/a/b c"),
        ("FILE:///a/c#1", "/a/c#1"),
        ("file:///a/d?x=1", "/a/d?x=1"),
        ("file://localhost/a", "/a"),
        ("file:///C:/reports", "C:/reports"),
    ],
)
def test_a_url_of_a_folder_here_is_its_path(url: str, path: str) -> None:
    place = place_of(url)
    assert isinstance(place, LocalPlace)
    assert place.folder == Path(path)


@pytest.mark.parametrize("url", ["file://reports", "file://server/share", "file:/reports", "file://", "FILE:/x"])
def test_a_url_that_names_no_folder_here_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError, match=r"names no folder of this machine\. Write file:///"):
        place_of(url)


def test_a_url_without_documents_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="memory://nowhere: no such folder"):
        run_batch("memory://nowhere", "memory://out")


def test_a_url_of_no_known_kind_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "nonsense://x", "--out", "memory://out"]) == 2
    told = capsys.readouterr().err
    assert "nonsense" in told and "Traceback" not in told


@pytest.mark.parametrize("missing, extra", [("fsspec", "remote"), ("distributed", "cluster")])
def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    missing: str,
    extra: str,
    local: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    out = "memory://out" if extra == "remote" else str(tmp_path)
    more = ["--cluster", "tcp://127.0.0.1:1"] if extra == "cluster" else []
    assert main(["batch", str(local / "workspace"), "--out", out, *more]) == 2
    assert f"pip install 'assessment-kit[{extra}]'" in capsys.readouterr().err


def test_what_a_storage_raises_is_told_as_where_what_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    place = RemotePlace("memory://somewhere")

    def denied(*_: Any, **__: Any) -> Any:
        raise RuntimeError("403 Forbidden")

    for name in ("cat_file", "pipe_file", "find", "exists", "ls"):
        monkeypatch.setattr(place._system, name, denied, raising=False)
    for call in (place.documents, place.sizes, lambda: place.read("a"), lambda: place.write("a", b"")):
        with pytest.raises(StorageError, match=r"memory://somewhere.*403 Forbidden.*Check the address"):
            call()


def test_a_file_that_is_too_large_for_a_document_is_refused_by_url_too() -> None:
    system = fsspec.filesystem("memory")
    system.pipe_file("/big/one/2026-11-24.json", json.dumps(["x" * MAX_BYTES]).encode())
    with pytest.raises(DocumentError, match="too large"):
        place_of("memory://big").read_document("one/2026-11-24.json")


def test_a_storage_that_cannot_write_in_one_step_is_given_a_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    system = fsspec.filesystem("memory")
    place = RemotePlace("memory://slow")
    seen = []
    monkeypatch.setattr("assessment_kit.places._ONE_STEP", frozenset())
    real = type(system).mv
    monkeypatch.setattr(type(system), "mv", lambda self, a, b, **kw: (seen.append((a, b)), real(self, a, b, **kw)))
    with place.prepared():
        place.write("page.html", b"whole")
    assert seen == [("/slow/.page.html.tmp", "/slow/page.html")]
    assert system.find("/slow") == ["/slow/page.html"]
