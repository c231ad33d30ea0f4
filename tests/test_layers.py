"""The house stands: imports fall one way, and each library comes in through one door.

``FLOORS`` is the plan, lowest floor first. A module may import from its own floor (without going in circles) and from
the floors that its floor names; what else it may not do is in the tables below. A new module is given its place here.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

PACKAGE = "assessment_kit"
HOME = Path(__file__).parents[1] / PACKAGE


@dataclass(frozen=True)
class Floor:
    """Modules of one kind, and the floors below that they may import from."""

    modules: frozenset[str]
    below: tuple[str, ...] = ()
    #: Whether the floor may touch files: one that may not is the same function of its arguments on every machine.
    files: bool = True


def floor(modules: str, below: str = "", *, files: bool = True) -> Floor:
    """Write a floor as words."""
    return Floor(frozenset(modules.split()), tuple(below.split()), files)


FLOORS: Mapping[str, Floor] = {
    "base": floor("chance errors estimate rounding slugs stamps strict_json validation wording", files=False),
    "model": floor("guide values document said people audience", "base", files=False),
    "evaluation": floor(
        "cases reading_parts results readings work formulas metrics scoring facts contradictions findings promises"
        " changes evaluate what_if handoffs comparison themes summaries in_common portfolio",
        "base model",
        files=False,
    ),
    # What is on disk: the kit's own files, guides, documents.
    "storage": floor("resources durable guide_file document_file history workspace check", "base model evaluation"),
    "exports": floor("incidents column_file intake", "base model storage"),
    # From an evaluation to something to look at: frames, charts of frames, words around them.
    "look": floor("style", "storage"),
    "tables": floor(
        "tables tables_work tables_flow tables_payback tables_said tables_since tables_toil tables_weeks",
        "base model evaluation",
        files=False,
    ),
    "charts": floor(
        "charts_base charts_linked charts_maps charts charts_flow charts_payback charts_said charts_since charts_toil"
        " charts_weeks charts_work",
        "base look tables",
        files=False,
    ),
    "pages": floor(
        "asked browser display index_page captions captions_flow captions_since captions_toil captions_weeks"
        " captions_work page_words strips words_what_if imported page_summary page_opening page_figures page_scores"
        " page_answers page_ask page_levels page_methods page_plan page_since page_what_if page report_parts"
        " report_engineering report_incidents report_observability report_said report_sections report_since report_toil"
        " report_weeks team_report portfolio_teams portfolio_filter portfolio_themes portfolio_head portfolio_page"
        " team_portfolio",
        "base model evaluation storage look tables charts",
    ),
    # The interactive half: it ends at the document.
    "forms": floor("entries fields forms", "base model look"),
    "interview": floor(
        "session agenda last_document previous proposals feedback panels offered bound_forms parts finish dropped"
        " columns_by_hand measured notebook",
        # The exports too: a file dropped on the form is read where the conversation is.
        "base model evaluation storage exports look pages forms",
    ),
    # The reporting half: it starts at the document.
    "reports": floor(
        "postponed orders memory watching forks fulfilment indexing warm forked inner_kernel inner_streams"
        " engine executions html_page report places fingerprints manifest makers cluster_client cluster_worker cluster"
        " outcomes singles"
        " batch_settings batch",
        "base model evaluation storage look pages",
    ),
    "commands": floor("arguments terminal demo lab cli __main__", "base model evaluation storage exports reports"),
}

#: Modules of ours that one module may import, where that is less than its floor allows.
ONLY: Mapping[str, frozenset[str]] = {
    "errors": frozenset(),
    "estimate": frozenset({"errors"}),
    "resources": frozenset({"errors"}),
    "style": frozenset({"resources"}),
    "__main__": frozenset({"cli"}),
}

#: Folders whose modules stand on floors of their own. `incidents` is none: it has one door, and stands as one.
ROOMS = frozenset({"pages", "interview"})

FRAMES = FLOORS["tables"].modules | FLOORS["charts"].modules | {"incidents"}
WIDGETS = frozenset({"forms", "notebook", "bound_forms", "parts", "finish", "measured", "columns_by_hand"})
REPORTS = FLOORS["reports"].modules

#: Who may import a library, and why it is so few: it is slow to load, or hard to replace.
DOORS: Mapping[str, frozenset[str]] = {
    "altair": FLOORS["charts"].modules,
    "pyarrow": frozenset({"incidents"}),
    "rapidfuzz": frozenset({"incidents", "themes"}),
    "vl_convert": frozenset({"browser"}),
    # Captions and parts of the report name the frames they pass on; they compute nothing with them.
    "pandas": FRAMES
    | {"captions", "captions_flow", "captions_toil", "captions_work", "report_parts", "report_sections", "report_toil"}
    | {"captions_since", "captions_weeks", "report_incidents", "report_since"},
    "numpy": FRAMES,
    "ipywidgets": WIDGETS,
    "anywidget": WIDGETS,
    "papermill": REPORTS,
    "nbconvert": REPORTS,
    "nbclient": REPORTS,
    "nbformat": REPORTS,
    "ipykernel": REPORTS,
    "jupyter_client": REPORTS,
    "yaml": frozenset({"guide_file", "column_file"}),
    "pydantic": FLOORS["base"].modules | FLOORS["model"].modules | {"entries", "guide_file"},
    "tqdm": frozenset({"terminal"}),
}

#: Standard modules through which a file is reached.
FILES = frozenset({"bz2", "fileinput", "glob", "gzip", "io", "lzma", "os", "pathlib", "shutil", "tempfile", "zipfile"})


@dataclass(frozen=True)
class Import:
    """One import: the file and line it stands in, and the dotted name it asks for."""

    source: str
    line: int
    target: str

    @property
    def here(self) -> str:
        """Where it stands, for a message."""
        return f"{self.source}:{self.line} imports {self.target}"

    @property
    def importer(self) -> str:
        """The module, without its submodules."""
        return top(self.source)

    @property
    def imported(self) -> str:
        """The module of ours that is asked for, without its submodules; "" where it is none of ours."""
        return top(self.target.removeprefix(f"{PACKAGE}.")) if self.target.startswith(f"{PACKAGE}.") else ""


def top(dotted: str) -> str:
    """Return the first part of a dotted name; of a module in one of the :data:`ROOMS`, the second."""
    room, _, inside = dotted.partition(".")
    return inside.partition(".")[0] if room in ROOMS and inside else room


def sources() -> dict[str, Path]:
    """Return our modules by their name within the package, as they are now; the package's own ``__init__`` is ""."""
    found = {}
    for path in sorted(HOME.rglob("*.py")):
        parts = path.relative_to(HOME).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


SOURCES = sources()
MODULES = sorted({top(name) for name in SOURCES if name} - ROOMS)


def imports_of(name: str, tree: ast.AST) -> Iterator[Import]:
    """Yield every import of a module, wherever in it: inside functions and for type checkers too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            package = f"{PACKAGE}.{name}".rstrip(".")
            if SOURCES[name].name != "__init__.py":
                package = package.rpartition(".")[0]
            base = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                is_module = f"{base}.{alias.name}".removeprefix(f"{PACKAGE}.") in SOURCES
                yield Import(name, node.lineno, f"{base}.{alias.name}" if is_module else base)


TREES = {name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in SOURCES.items()}
IMPORTS = [found for name, tree in TREES.items() for found in imports_of(name, tree)]
OURS = [found for found in IMPORTS if found.imported]


def floor_of(module: str) -> str | None:
    """Return the name of the floor a module stands on."""
    return next((name for name, floor in FLOORS.items() if module in floor.modules), None)


def test_every_module_has_its_place() -> None:
    homeless = [name for name in MODULES if floor_of(name) is None]
    assert homeless == [], "give these modules a floor in tests/test_layers.py"


def test_a_floor_rests_only_on_floors_below_it() -> None:
    order = list(FLOORS)
    for position, floor in enumerate(FLOORS.values()):
        assert set(floor.below) <= set(order[:position])


@pytest.mark.parametrize("module", [module for module in MODULES if floor_of(module)])
def test_imports_fall_one_way(module: str) -> None:
    name = floor_of(module)
    allowed = {*FLOORS[str(name)].below, name}
    wrong = {
        f"{found.here}, on the floor {floor_of(found.imported)}"
        for found in OURS
        if found.importer == module and floor_of(found.imported) not in allowed
    }
    assert wrong == set(), f"{module} stands on {name} and may import from {sorted(map(str, allowed))}"


def test_some_modules_import_less_than_their_floor_allows() -> None:
    wrong = [found.here for found in OURS if found.importer in ONLY and found.imported not in ONLY[found.importer]]
    assert wrong == []


def test_there_are_no_circles() -> None:
    graph: dict[str, set[str]] = {name: set() for name in SOURCES}
    for found in OURS:
        graph[found.source].add(found.target.removeprefix(f"{PACKAGE}."))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("these modules import each other: " + " <- ".join(error.args[1]), pytrace=False)


def test_the_package_itself_and_its_rooms_import_nothing_of_ours() -> None:
    # Otherwise `import assessment_kit.errors` would load whatever the package's __init__ does.
    assert [found.here for found in OURS if found.source in {"", *ROOMS}] == []


@pytest.mark.parametrize("library", DOORS)
def test_a_library_comes_in_through_its_own_door(library: str) -> None:
    wrong = [found.here for found in IMPORTS if top(found.target) == library and found.importer not in DOORS[library]]
    assert wrong == [], f"only {', '.join(sorted(DOORS[library]))} may import {library}"


PURE = [name for name in SOURCES if (place := floor_of(top(name))) and not FLOORS[place].files]


@pytest.mark.parametrize("name", PURE)
def test_the_core_touches_no_file(name: str) -> None:
    wrong = [found.here for found in IMPORTS if found.source == name and top(found.target) in FILES]
    wrong += [
        f"{name}:{node.lineno} calls open"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["assessment_kit.evaluate", "assessment_kit.cli", "assessment_kit.workspace"])
def test_scoring_and_the_command_line_load_no_heavy_library(module: str) -> None:
    heavy = "pandas numpy altair vl_convert ipywidgets anywidget papermill nbconvert nbclient jupyter_client IPython"
    report = f"import sys, {module}; print(*[name for name in {heavy.split()} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "")
