"""What a user gets without the checkout: wheel and source archive hold everything, and the demo runs from them."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import assessment_kit
from assessment_kit import errors, resources

ROOT = Path(__file__).parents[1]
SHIPPED = ("templates", "notebooks", "examples")


def contents(folder: str) -> dict[str, bytes]:
    """Return the files of a folder of the checkout by their path, without what tools leave behind."""
    left_behind = {"__pycache__", ".ipynb_checkpoints"}
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and not left_behind & set(path.parts)
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and from that archive alone the wheel."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel's contents: what an installer would put there, without asking for dependencies."""
    site = tmp_path_factory.mktemp("site")
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(site)
    return site


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an empty folder, with an empty home and the wheel's contents before everything else."""
    home = folder / "home"
    home.mkdir()
    (folder / "here").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "JUPYTER", "IPYTHON"))}
    environment = {**kept, "HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder / "here",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_wheel_holds_the_folder(wheel: dict[str, bytes], folder: str) -> None:
    inside = {
        name.removeprefix("assessment_kit/_shipped/"): data
        for name, data in wheel.items()
        if name.startswith(f"assessment_kit/_shipped/{folder}/")
    }
    assert inside == contents(folder)
    assert inside


def test_the_wheel_holds_the_package_and_nothing_else(wheel: dict[str, bytes]) -> None:
    outside = {name for name in wheel if "/_shipped/" not in name and ".dist-info/" not in name}
    assert outside == set(contents("assessment_kit"))


def test_the_wheel_says_what_it_is(wheel: dict[str, bytes]) -> None:
    (metadata,) = (data.decode() for name, data in wheel.items() if name.endswith(".dist-info/METADATA"))
    (scripts,) = (data.decode() for name, data in wheel.items() if name.endswith(".dist-info/entry_points.txt"))
    said = Parser().parsestr(metadata)
    assert (said["Name"], said["Version"]) == ("assessment-kit", assessment_kit.__version__)
    assert (said["License-Expression"], said["License-File"]) == ("MIT", "LICENSE")
    assert "assessment-kit = assessment_kit.cli:main" in scripts


@pytest.mark.parametrize("folder", [*SHIPPED, "assessment_kit", "tests", "benchmarks", "docs"])
def test_the_source_archive_holds_the_folder(built: Path, folder: str) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert set(contents(folder)) <= inside


def test_the_source_archive_holds_what_sets_it_up(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "environment.yml", "Makefile", "README.md", "LICENSE", "CHANGELOG.md"} <= inside


def test_an_installed_kit_finds_its_own_files(installed: Path, tmp_path: Path) -> None:
    asked = "templates_dir", "notebooks_dir", "examples_dir", "builtin_guide_path"
    script = f"from assessment_kit import resources\nfor name in {asked}: print(getattr(resources, name)())"
    done = run(installed, tmp_path, "-c", script)
    assert done.returncode == 0, done.stderr
    found = [Path(line) for line in done.stdout.splitlines()]
    assert len(found) == len(asked)
    assert all(path.is_relative_to(installed.resolve()) and path.exists() for path in found)


def test_an_installed_kit_runs_the_demo_in_an_empty_folder_with_an_empty_home(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "assessment_kit", "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    reports = tmp_path / "here" / "demo" / "reports"
    assert (reports / "index.html").is_file()
    assert len(list(reports.rglob("*.html"))) > 3


@pytest.mark.parametrize("name", ["missing", "missing.ipynb", "../templates/production-support.yaml"])
def test_a_missing_notebook_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(errors.StorageError, match=r"missing.*Install the kit again"):
        resources.notebook_path(name)


def test_a_missing_folder_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "assessment_kit")
    with pytest.raises(errors.StorageError, match=r"templates: this folder .* is missing.*Install the kit again"):
        resources.templates_dir()
