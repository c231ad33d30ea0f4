"""The command ``assessment-kit``: a thin wrapper that reads arguments, calls the library and prints.

Exit codes: 0 fine; 1 something in the data is wrong, or a team's report failed; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assessment_kit import __version__
from assessment_kit.errors import AssessmentKitError, DataError, UsageError

DEFAULT_WORKSPACE = Path("assessments")
DEFAULT_OUT = Path("reports")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. A user's mistake never shows a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except UsageError as error:
        return _complain(str(error), 2)
    except DataError as error:
        return _complain(*(str(problem) for problem in error.problems), code=1)
    except AssessmentKitError as error:
        return _complain(str(error), code=1)
    except BrokenPipeError:  # `assessment-kit score … | head`
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return _complain("Stopped.", code=130)


def _complain(*lines: str | int, code: int = 2) -> int:
    if lines and isinstance(lines[-1], int):
        *lines, code = lines  # type: ignore[assignment]
    for line in lines:
        print(line, file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assessment-kit",
        description="Turn one conversation with a production-support team into numbers and a plan somebody owns.",
        epilog="""Start here:
  assessment-kit demo                              example teams to reports; prints where to look
  assessment-kit lab                               the interview, in JupyterLab
  assessment-kit import tickets.csv --team Payments
  assessment-kit batch assessments --out reports   a report for each team, and an index""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"assessment-kit {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Any, summary: str, examples: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=f"Examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    def takes_guide(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "--guide", metavar="FILE", default="", help="a guide of your own (the built-in one if left out)"
        )

    def takes_audience(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "--audience",
            choices=("team", "sre", "leadership"),
            default="team",
            help="who will read it: leadership leaves out names and notes (team if left out)",
        )

    def takes_workers(added: argparse.ArgumentParser) -> None:
        added.add_argument("--workers", type=_whole(1), default=0, metavar="N", help="processes (one for each core)")

    demo = command(
        "demo",
        _demo,
        "make the reports of the example teams",
        "  assessment-kit demo\n  assessment-kit demo --out /tmp/look",
    )
    demo.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="where to put it (./demo)")
    takes_workers(demo)

    lab = command(
        "lab",
        _lab,
        "open JupyterLab on the interview notebook",
        "  assessment-kit lab\n  assessment-kit lab --workspace ~/assessments -- --port 9000",
    )
    lab.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, metavar="DIR", help="folder of documents")
    lab.add_argument("jupyter", nargs="*", metavar="-- OPTION", help="passed on to jupyter lab")

    new = command(
        "new",
        _new,
        "create an empty document for a team",
        '  assessment-kit new Payments\n  assessment-kit new "Zahlungsverkehr & Co" --date 2026-11-24',
    )
    new.add_argument("team", metavar="TEAM", help="the team's name, any text")
    new.add_argument("--date", type=_day, default=None, metavar="DATE", help="date of the assessment (today)")
    new.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, metavar="DIR", help="folder of documents")
    takes_guide(new)

    check = command(
        "check",
        _check,
        "list every problem of documents and guides",
        "  assessment-kit check assessments\n"
        "  assessment-kit check my-guide.yaml assessments/payments/2026-11-24.json --json",
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="documents, guides, or folders of them")
    check.add_argument("--json", action="store_true", help="as JSON: a list of path, where, what, remedy")
    takes_guide(check)

    earlier = command(
        "history",
        _history,
        "list the earlier revisions of a document, or bring one back",
        "  assessment-kit history assessments/payments/2026-11-24.json\n"
        "  assessment-kit history assessments/payments/2026-11-24.json --restore 12",
    )
    earlier.add_argument("file", type=Path, metavar="FILE", help="an assessment document")
    earlier.add_argument("--restore", type=_whole(1), default=None, metavar="N", help="bring back revision N")

    score = command(
        "score",
        _score,
        "print scores and figures of one document",
        "  assessment-kit score assessments/payments/2026-11-24.json\n"
        "  assessment-kit score assessments/payments/2026-11-24.json --json > payments.json",
    )
    score.add_argument("file", type=Path, metavar="FILE", help="an assessment document")
    score.add_argument("--json", action="store_true", help="the whole evaluation as JSON")
    takes_guide(score)

    load = command(
        "import",
        _import,
        "fill answers from ticket exports",
        "  assessment-kit import tickets.csv --team Payments\n"
        '  assessment-kit import incidents.csv.gz --team-column "Assignment group" --min-incidents 20\n'
        "  assessment-kit import tickets.csv --team Payments --dry-run --json",
    )
    load.add_argument("exports", nargs="+", type=Path, metavar="EXPORT", help="CSV files, gzipped or not")
    load.add_argument("--team", default="", metavar="NAME", help="the team all incidents belong to")
    load.add_argument("--team-column", default="", metavar="NAME", help="the column that names each incident's team")
    load.add_argument("--min-incidents", type=_whole(0), default=0, metavar="N", help="leave out teams with fewer")
    load.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, metavar="DIR", help="folder of documents")
    load.add_argument("--date", type=_day, default=None, metavar="DATE", help="date of the assessment (today)")
    order = load.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_true", default=None, help="02/03/2026 is the 2nd of March")
    order.add_argument(
        "--month-first", dest="day_first", action="store_false", help="02/03/2026 is the 3rd of February"
    )
    load.add_argument("--dry-run", action="store_true", help="show what would be done, write nothing")
    load.add_argument("--json", action="store_true", help="the account as JSON")
    takes_guide(load)

    report = command(
        "report",
        _report,
        "make the HTML report of documents",
        "  assessment-kit report assessments/payments/2026-11-24.json\n"
        "  assessment-kit report assessments/*/2026-11-24.json --audience leadership --out for-the-board",
    )
    report.add_argument("files", nargs="+", type=Path, metavar="FILE", help="assessment documents")
    report.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help="folder for the reports (./reports)"
    )
    report.add_argument(
        "--previous", type=Path, default=None, metavar="FILE", help="the team's earlier document (found)"
    )
    takes_guide(report)
    takes_audience(report)

    batch = command(
        "batch",
        _batch,
        "make the report of every team in a workspace",
        "  assessment-kit batch assessments --out reports\n"
        "  assessment-kit batch assessments --out reports --workers 2 --audience leadership",
    )
    batch.add_argument("workspace", type=Path, metavar="WORKSPACE", help="folder of documents")
    batch.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help="folder for the reports (./reports)"
    )
    takes_workers(batch)
    takes_guide(batch)
    takes_audience(batch)
    return parser


def _whole(least: int) -> Any:
    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < least:
            raise argparse.ArgumentTypeError(f"{number} is below {least}")
        return number

    return parse


def _day(text: str) -> date:
    from assessment_kit.values import parse_date

    found = parse_date(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2026-11-24")
    return found


# Each command imports what it needs: `check` and `score` answer at once, without pandas and Jupyter.


def _demo(arguments: argparse.Namespace) -> int:
    from assessment_kit.demo import run_demo
    from assessment_kit.terminal import print_batch, progress

    with progress() as on_done:
        result = run_demo(arguments.out, workers=arguments.workers, on_done=on_done)
    return print_batch(result)


def _lab(arguments: argparse.Namespace) -> int:
    from assessment_kit.lab import open_lab

    return open_lab(arguments.workspace, arguments.jupyter)


def _new(arguments: argparse.Namespace) -> int:
    from assessment_kit.guide_file import load_guide
    from assessment_kit.workspace import Workspace

    guide = load_guide(arguments.guide or None)
    opened = Workspace(arguments.workspace).create(arguments.team, arguments.date or date.today(), guide)
    print(f"{opened.path}\nFill it in with: assessment-kit lab --workspace {arguments.workspace}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from assessment_kit.check import check_paths

    checked, problems = check_paths(arguments.paths, arguments.guide)
    if arguments.json:
        print(json.dumps([problem.to_dict() for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            print(problem)
        bad = len({problem.path for problem in problems})
        print(f"{checked} checked, {bad} with problems, {len(problems)} problems in all.", file=sys.stderr)
    return 1 if problems else 0


def _score(arguments: argparse.Namespace) -> int:
    from assessment_kit.check import read_checked
    from assessment_kit.evaluate import evaluate, to_dict
    from assessment_kit.guide_file import load_guide
    from assessment_kit.terminal import score_lines

    guide = load_guide(arguments.guide or None)
    evaluation = evaluate(read_checked(arguments.file, guide), guide)
    if arguments.json:
        print(json.dumps(to_dict(evaluation), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(score_lines(evaluation)))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from assessment_kit.intake import import_exports
    from assessment_kit.terminal import import_lines

    done = import_exports(
        arguments.exports,
        workspace=None if arguments.dry_run else arguments.workspace,
        day=arguments.date or date.today(),
        team=arguments.team,
        team_column=arguments.team_column,
        min_incidents=arguments.min_incidents,
        day_first=arguments.day_first,
        guide=arguments.guide,
    )
    if arguments.json:
        print(json.dumps(done.to_dict(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(import_lines(done)))
    return 1 if done.refused else 0


def _history(arguments: argparse.Namespace) -> int:
    from assessment_kit.terminal import history_lines
    from assessment_kit.workspace import Workspace, history

    revisions = history(arguments.file)
    if arguments.restore is None:
        print("\n".join(history_lines(arguments.file, revisions)))
        return 0
    wanted = next((revision for revision in revisions if revision.number == arguments.restore), None)
    if wanted is None:
        raise UsageError(f"{arguments.file}: no revision {arguments.restore}. Without --restore they are listed.")
    opened = Workspace(arguments.file.resolve().parent.parent).restore(arguments.file.resolve(), wanted)
    print(f"{opened.path} is revision {wanted.number} again. What was there before is a revision too.")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from assessment_kit.batch import make_reports
    from assessment_kit.terminal import print_reports

    return print_reports(
        make_reports(
            arguments.files,
            arguments.out,
            previous=arguments.previous,
            guide=arguments.guide,
            audience=arguments.audience,
        )
    )


def _batch(arguments: argparse.Namespace) -> int:
    from assessment_kit.batch import run_batch
    from assessment_kit.terminal import print_batch, progress

    with progress() as on_done:
        result = run_batch(
            arguments.workspace,
            arguments.out,
            workers=arguments.workers,
            guide=arguments.guide,
            audience=arguments.audience,
            generated=date.today().isoformat(),
            on_done=on_done,
        )
    return print_batch(result)
