"""Every command in the README runs, in the order in which a reader would type it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")

#: Commands that need a machine of their own: `.ci/run` runs `make test`, the wheel and the demo in an
#: empty environment; tests/test_environment.py holds environment.yml against pyproject.toml; the browser tests start a
#: JupyterLab. Here it is only made sure that the make targets exist.
ELSEWHERE = ("make ", "pip install", "assessment-kit lab")


def commands() -> list[str]:
    """Return the lines of the README's shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_runs(tmp_path: Path) -> None:
    for folder in ("examples", "notebooks", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    ran = []
    for command in commands():
        if command.startswith(ELSEWHERE):
            continue
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        ran.append(command)
    assert len(ran) > 10
    assert (tmp_path / "reports" / "index.html").exists()


def test_every_make_target_exists() -> None:
    for target in re.findall(r"^make ([a-z]+)$", README, flags=re.MULTILINE):
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_picture_and_path_exists() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
    for path in re.findall(
        r"`((?:templates|notebooks|examples|tests|benchmarks|docs|assessment_kit)/[^`<*]*)`", README
    ):
        assert (ROOT / path).exists(), path
