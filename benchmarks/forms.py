"""How fast the form is, in a real browser against a real JupyterLab: ``python benchmarks/forms.py [--json FILE]``.

Prints, as medians of several rounds on the machine it runs on:

- the time from running the cell until the whole guide's form is painted, and the same for stock ipywidgets: 60
  questions with three controls each, bare and below their text, in turns in the same JupyterLab;
- the time from a committed answer until the page shows what the kernel said to it (median, 95th percentile), with a
  kernel that only answers;
- the time from a key to the painted character while the kernel is busy.

Then the interview's own notebook, with a team's document on the disk: 2,000 answers one after the other, with rests in
which the other panels and the dashboard follow. Printed are the time from a committed answer until its section shows
"Saved" and the new score, for the first and the last 200 answers, and by how much the kernel's memory grew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.conftest import BROWSER_ARGUMENTS, BROWSERS  # noqa: E402 - the folder above comes first
from tests.lab_server import Lab, notebook, start_lab  # noqa: E402

#: What the issue asks for.
MOST = {
    "form_ms": 500.0,
    "commit_median_ms": 100.0,
    "commit_p95_ms": 250.0,
    "saved_first_median_ms": 100.0,
    "saved_first_p95_ms": 250.0,
    "saved_last_median_ms": 100.0,
    "saved_last_p95_ms": 250.0,
    "last_to_first": 1.2,
    "kernel_growth_mb": 20.0,
}
LEAST = {"ratio": 3.0}
#: What is answered again and again: each moves the score of its section.
FIELDS = {"repeat-share": ["5", "60"], "incident-volume": ["5", "90"], "restored-in-30": ["95", "10"]}
#: How many answers are compared at both ends, and how many are given before the kernel's memory is first read.
ENDS, WARM_UP = 200, 40

IMPORTS = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
import ipywidgets as w
from IPython.display import display
from assessment_kit.fields import section_json
from assessment_kit.forms import SectionForm
from assessment_kit.guide_file import load_guide
guide = load_guide()
"""

KIT = """
start = {"saved": {"state": "saved", "at": "start"}, "edit": {}}
forms = {s.id: SectionForm(section=section_json(guide, s), feedback=start) for s in guide.sections}
def answer(section, changed, was):
    form = forms[section]
    answers, edit = form.answers, form.seen
    if answers.get("facilitator", {}).get("value") == "busy":
        time.sleep(3)
    progress = {"answered": len(answers), "asked": 9}
    form.feedback = {"saved": {"state": "saved", "at": str(max(edit.values()))}, "progress": progress, "edit": edit}
for form in forms.values():
    form.on_commit(answer)
display(*forms.values())
"""

STOCK = """
def controls():
    bases = ["measured", "estimated", "guess"]
    return w.HBox([w.FloatText(description="incidents"), w.Dropdown(options=bases), w.Text(placeholder="note")])
def question(n):
    words = w.HTML(f"<b>Question {n}</b>: how many incidents do you handle in a typical week or month?")
    return w.VBox([words, controls()])
display(w.VBox([question(n) for n in range(60)]))
"""
BARE = "display(w.VBox([controls() for n in range(60)]))"

RUN = """async ([cell, selector, wanted]) => {
  const { commands, shell } = window.jupyterapp;
  await commands.execute("notebook:clear-all-cell-outputs");
  shell.currentWidget.content.activeCellIndex = cell;
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  const started = performance.now();
  const painted = new Promise(resolve => {
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll(selector).length < wanted) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    });
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ["hidden"] });
  });
  void commands.execute("notebook:run-cell");
  return painted;
}"""

COMMIT = """async ([question, value]) => {
  const input = document.querySelector(`[data-question="${question}"] input`);
  const saved = input.closest(".akf").querySelector(".akf-saved");
  const before = saved.textContent;
  input.value = value;
  const started = performance.now();
  const shown = new Promise(resolve => {
    const observer = new MutationObserver(() => {
      if (saved.textContent === before || !saved.textContent.startsWith("Saved ")) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    });
    observer.observe(saved, { childList: true, characterData: true, subtree: true });
  });
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return shown;
}"""

# One answer after the other into fields that all move the section's score, so that every answer has something to show.
ENDURE = """async ([values, from, number]) => {
  const root = document.querySelector('.akf[data-section="incidents"]');
  const [saved, score] = [root.querySelector(".akf-saved"), root.querySelector(".akf-score-text")];
  const fields = Object.keys(values);
  const rest = time => new Promise(resolve => setTimeout(resolve, time));
  const times = [];
  for (let at = from; at < from + number; at++) {
    const id = fields[at % fields.length];
    const input = root.querySelector(`[data-question="${id}"] .akf-editor input`);
    const before = score.textContent;
    input.value = values[id][Math.floor(at / fields.length) % 2];
    const started = performance.now();
    const shown = new Promise((resolve, reject) => {
      const gone = setTimeout(() => reject(new Error(`answer ${at}, ${id}: ${saved.textContent}, ${before}`)), 10000);
      const observer = new MutationObserver(() => {
        if (score.textContent === before || saved.dataset.state !== "saved") return;
        observer.disconnect();
        clearTimeout(gone);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
      });
      observer.observe(root.querySelector(".akf-bar"), { childList: true, characterData: true, subtree: true });
    });
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    times.push(await shown);
    if (at % 10 === 9) await rest(at % 100 === 99 ? 5000 : 400);
  }
  return times;
}"""

KEYS = """id => {
  window.keyTimes = [];
  const input = document.querySelector(`[data-question="${id}"] :is(input, textarea)`);
  input.addEventListener("keydown", () => {
    const at = performance.now();
    requestAnimationFrame(() => setTimeout(() => keyTimes.push(performance.now() - at)));
  });
  input.focus();
}"""


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(page: Page, rounds: int, commits: int) -> dict[str, float]:
    """Return the figures of one JupyterLab, in milliseconds."""
    questions = page.locator(".akf-question")
    kit: list[float] = []
    stock: list[float] = []
    bare: list[float] = []
    controls = ".jp-OutputArea .widget-hbox > .jupyter-widgets"
    # The first round of each loads what later rounds have: it is run, and not counted.
    for _ in range(rounds + 1):
        kit.append(page.evaluate(RUN, [1, ".akf", 6]))
        number = questions.count()
        stock.append(page.evaluate(RUN, [2, controls, 180]))
        bare.append(page.evaluate(RUN, [3, controls, 180]))
    page.evaluate(RUN, [1, ".akf", 6])
    latency = [page.evaluate(COMMIT, ["team-size", str(n + 1)]) for n in range(commits + 3)][3:]
    page.evaluate("void document.querySelector('[data-question=facilitator] textarea').focus()")
    page.keyboard.type("busy")
    page.evaluate(KEYS, "failure-patterns")
    page.keyboard.type("What people say while the kernel works on something else.", delay=40)
    keys: list[float] = page.evaluate("keyTimes")
    return {
        "questions": number,
        "form_first_ms": kit[0],
        "form_ms": statistics.median(kit[1:]),
        "stock_ms": statistics.median(stock[1:]),
        "bare_ms": statistics.median(bare[1:]),
        "ratio": statistics.median(stock[1:]) / statistics.median(kit[1:]),
        "bare_ratio": statistics.median(bare[1:]) / statistics.median(kit[1:]),
        "commit_median_ms": statistics.median(latency),
        "commit_p95_ms": percentile(latency, 0.95),
        "key_to_paint_p95_ms": percentile(keys, 0.95),
    }


def endure(page: Page, lab: Lab, edits: int) -> dict[str, float]:
    """Return what many answers in the interview's notebook do to its speed (ms) and to its kernel's memory (MB)."""
    folder = lab.folder / "endurance"
    folder.mkdir()
    shutil.copyfile(ROOT / "notebooks" / "interview.ipynb", folder / "interview.ipynb")
    # The document that was saved last is opened by itself: one with everything answered, as after a whole interview.
    shutil.copytree(ROOT / "examples" / "workspace" / "payments", folder / "payments")
    document = max((folder / "payments").glob("*.json"))
    content = json.loads(document.read_text(encoding="utf-8"))
    for question in FIELDS:  # a range that does not fit the new value would be an error, and have no score
        del content["answers"][question]
    document.write_text(json.dumps(content), encoding="utf-8")
    lab.open(page, f"{folder.name}/interview.ipynb")
    lab.run_all(page)
    lab.scroll_to(page, "## 2.")
    page.locator('.akf[data-section="incidents"]').wait_for()
    kernel = lab.kernel(folder)
    page.evaluate(ENDURE, [FIELDS, 0, WARM_UP])
    page.wait_for_timeout(8_000)  # the dashboard's libraries are loaded and it was drawn once
    before = memory(kernel)
    times = page.evaluate(ENDURE, [FIELDS, WARM_UP, edits])
    page.wait_for_timeout(8_000)
    grown = memory(kernel) - before
    first, last = times[:ENDS], times[-ENDS:]
    return {
        "edits": len(times),
        "saved_first_median_ms": statistics.median(first),
        "saved_first_p95_ms": percentile(first, 0.95),
        "saved_last_median_ms": statistics.median(last),
        "saved_last_p95_ms": percentile(last, 0.95),
        "last_to_first": statistics.median(last) / statistics.median(first),
        "kernel_mb": before,
        "kernel_growth_mb": grown,
    }


def memory(process: int) -> float:
    """Return a process's resident memory in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def report(found: dict[str, Any]) -> None:
    """Print the figures in words."""
    lines = (
        (
            f"whole guide ({found['questions']} questions) on the screen",
            "form_ms",
            f"first time {found['form_first_ms']:.0f} ms",
        ),
        ("stock ipywidgets, 60 questions of text and 3 controls", "stock_ms", f"{found['ratio']:.1f} times as long"),
        ("stock ipywidgets, 60 times 3 bare controls", "bare_ms", f"{found['bare_ratio']:.1f} times as long"),
        ("commit to feedback, kernel only answers, median", "commit_median_ms", ""),
        ("commit to feedback, kernel only answers, 95th pct.", "commit_p95_ms", ""),
        ("key to character, kernel busy, 95th percentile", "key_to_paint_p95_ms", ""),
        (f"interview: commit to saved + score, first {ENDS}, median", "saved_first_median_ms", ""),
        (f"interview: commit to saved + score, first {ENDS}, 95th", "saved_first_p95_ms", ""),
        (
            f"interview: last {ENDS} of {found['edits']}, median",
            "saved_last_median_ms",
            f"{found['last_to_first']:.2f} of the first",
        ),
        (f"interview: last {ENDS} of {found['edits']}, 95th", "saved_last_p95_ms", ""),
    )
    for words, name, remark in lines:
        print(f"{words:58}{found[name]:7.0f} ms   {remark}".rstrip())
    print(f"{'kernel memory grew by':58}{found['kernel_growth_mb']:7.1f} MB   from {found['kernel_mb']:.0f} MB")


def main() -> int:
    """Measure and print; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each form is drawn (5)")
    parser.add_argument("--commits", type=int, default=100, help="how many answers are committed to a bare form (100)")
    parser.add_argument("--edits", type=int, default=2000, help="how many answers the interview gets (2000)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, start_lab(Path(folder)) as lab, sync_playwright() as playwright:
        notebook(lab.folder / "forms.ipynb", IMPORTS, KIT, STOCK, BARE)
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(BROWSER_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        lab.open(page, "forms.ipynb")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
        found: dict[str, Any] = measure(page, options.rounds, options.commits)
        page.close()
        # A page of its own: what the first one holds is not the interview's.
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(0)
        found |= endure(page, lab, options.edits)
        browser.close()
    report(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    missed = [name for name, goal in MOST.items() if found[name] > goal]
    missed += [name for name, goal in LEAST.items() if found[name] < goal]
    print("all goals reached" if not missed else f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
