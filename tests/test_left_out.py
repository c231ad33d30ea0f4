"""What is left out for an audience is in none of the bytes that go out: page, charts, notebooks, index, manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.batch import run_batch
from assessment_kit.document import to_json
from assessment_kit.report import run_notebook
from assessment_kit.resources import notebook_path
from tests.builders import GUIDE
from tests.secrets_document import Secrets, decoded, planted

#: What leadership may read of all that somebody typed: what names the things that the figures are of.
NAMES_OF_THINGS = {
    "services.value",
    "failure-domains.value",
    "tools.value",
    "automation-ideas.value",
    "monitoring-tools.value",
    "toil-tasks.task",
    "repeat-incidents.what",
    "blind-spots.area",
    "quick-wins.what",
    "action-items.what",
    "incident-types.type",
}


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture(scope="module")
def workspace(secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team full of secrets that was assessed twice, and one whose document is wrong in two places."""
    folder = tmp_path_factory.mktemp("secrets") / "workspace"
    write(folder / "payments" / "2026-11-24.json", json.loads(to_json(planted(secrets, "Payments"))))
    earlier = json.loads(to_json(planted(secrets, "Payments")))
    write(folder / "payments" / "2026-05-12.json", {**earlier, "date": "2026-05-12"})
    broken = json.loads(to_json(planted(secrets, "Broken")))
    broken["answers"]["repeat-share"]["value"] = f"ask {secrets.plant('broken.value')}"
    broken["answers"][secrets.plant("broken.key")] = {"status": "answered", "value": 1}
    write(folder / "broken" / "2026-11-24.json", broken)
    return folder


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module", params=["leadership", "sre", "team"])
def made(request: pytest.FixtureRequest, workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Everything that goes out to an audience: the batch's folder, and the portfolio notebook."""
    out = tmp_path_factory.mktemp(request.param)
    run_batch(workspace, out, workers=1, audience=request.param, generated="2026-11-24")
    parameters = {"workspace": str(workspace), "guide": "", "audience": request.param}
    *_, problem = run_notebook(notebook_path("portfolio"), parameters, out / "portfolio")
    assert not problem
    return request.param, out


def seen(secrets: Secrets, folder: Path) -> set[str]:
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    assert {path.suffix for path in files} == {".html", ".ipynb", ".json"}
    return set().union(*(secrets.found_in(*decoded(path)) for path in files))


def test_only_what_an_audience_may_read_is_in_the_files(made: tuple[str, Path], secrets: Secrets) -> None:
    audience, folder = made
    found = seen(secrets, folder)
    if audience == "leadership":
        assert found <= NAMES_OF_THINGS
        assert {"toil-tasks.task", "action-items.what"} <= found, "or nothing was looked at"
        return
    handoff = {
        question.id
        for question in GUIDE.questions.values()
        if question.handoff or any(s.handoff for s in GUIDE.sections if s.id == GUIDE.section_of[question.id])
    }
    words = {"note", "said.note", "reason", "other"}
    private = {
        where
        for where in secrets.where.values()
        if where.split(".", 1)[0] in GUIDE.questions
        and where.split(".", 1)[0] not in handoff
        and where.split(".", 1)[1] in words
    }
    assert len(private) > 20
    if audience == "sre":
        assert not found & (private | {"participants.value", "broken.value", "broken.key"})
        assert {"escalation-wait.note", "ownership-transfer.note", "toil-tasks.note", "action-items.owner"} <= found
    else:
        assert {"participants.value", "incident-volume.note", "escalation-wait.note"} <= found, (
            "or nothing was looked at"
        )


def test_a_wrong_document_is_named_and_not_quoted(made: tuple[str, Path]) -> None:
    audience, folder = made
    index = (folder / "index.html").read_text("utf-8")
    assert "repeat-share" in index
    assert ("ask Zq" in index) == (audience == "team")
