"""The set-up is told in three places (pyproject.toml, environment.yml, the code's own imports), and they agree."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def ranges(lines: list[str]) -> dict[str, SpecifierSet]:
    """Return the allowed versions by canonical name: ``Jinja2>=3`` and ``jinja2 >=3.0`` are the same."""
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in found}


BASE = ranges(PROJECT["dependencies"])
EXTRAS = {name: ranges(lines) for name, lines in PROJECT["optional-dependencies"].items()}
CONDA_RANGES = ranges([line for line in CONDA["dependencies"] if isinstance(line, str)])


def test_conda_installs_every_dependency_in_the_same_range() -> None:
    assert {name: CONDA_RANGES.get(name) for name in BASE} == BASE


def test_conda_adds_only_what_the_test_extra_has_in_the_same_range() -> None:
    added = {name: allowed for name, allowed in CONDA_RANGES.items() if name not in {*BASE, "python", "pip"}}
    assert {name: EXTRAS["test"].get(name) for name in added} == added
    assert {"nbval", "pytest"} <= set(added)


def test_conda_installs_the_kit_itself_from_the_checkout() -> None:
    assert [part for part in CONDA["dependencies"] if isinstance(part, dict)] == [{"pip": ["-e ."]}]
    assert "conda-forge" in CONDA["channels"]


def test_python_is_one_that_both_allow() -> None:
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d", text)]
    assert named == ["3.11", "3.12", "3.13"]
    for version in named:
        assert version in SpecifierSet(PROJECT["requires-python"])
        assert version in CONDA_RANGES["python"]
    assert "3.10" not in SpecifierSet(PROJECT["requires-python"])


@pytest.mark.parametrize("name", BASE)
def test_a_dependency_has_a_lower_and_an_upper_bound(name: str) -> None:
    assert sorted(bound.operator for bound in BASE[name]) == ["<", ">="]


@pytest.mark.parametrize("name", BASE)
def test_what_is_installed_here_is_in_its_range(name: str) -> None:
    assert importlib.metadata.version(name) in BASE[name]


def test_every_library_that_the_code_imports_is_declared() -> None:
    # A library that only comes along with another one is gone on the day the other one drops it.
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "assessment_kit").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    owners = importlib.metadata.packages_distributions()
    foreign = imported - set(sys.stdlib_module_names) - {"assessment_kit"}
    # What only an extra needs is imported where it is used, behind a message that names the extra.
    optional = {*EXTRAS["cluster"], *EXTRAS["remote"], *EXTRAS["exports"]}
    # pydantic_core is one half of pydantic, released with it under an exact pin.
    undeclared = {
        name
        for name in foreign - {"pydantic_core"}
        if not {canonicalize_name(owner) for owner in owners.get(name, [])} & {*BASE, *optional}
    }
    assert undeclared == set()


def test_a_library_of_an_extra_is_only_imported_when_it_is_needed() -> None:
    # At the top of a module it would keep everybody without the extra from starting.
    at_the_top = {
        name.partition(".")[0]
        for path in (ROOT / "assessment_kit").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert EXTRAS["exports"].keys() == {"python-calamine"}
    assert at_the_top & {"python_calamine", "distributed", "fsspec"} == set()


def test_every_benchmark_finds_what_it_imports() -> None:
    names = sorted(path.name for path in (ROOT / "benchmarks").glob("*.py"))
    assert "batch.py" in names
    load = "import runpy, sys; [runpy.run_path(name, run_name='loaded') for name in sys.argv[1:]]"
    done = subprocess.run(
        [sys.executable, "-c", load, *names], cwd=ROOT / "benchmarks", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
