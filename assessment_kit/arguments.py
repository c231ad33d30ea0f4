"""The arguments of ``assessment-kit``: what can be said, and examples that teach how."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assessment_kit import __version__

#: Units that a size may have, in bytes.
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}

DEFAULT_WORKSPACE = Path("assessments")
DEFAULT_OUT = Path("reports")
WORKSPACE_HELP = f"folder of documents (./{DEFAULT_WORKSPACE})"


def build_parser(run: Mapping[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Parameters
    ----------
    run
        What each command calls, by the command's name.
    """
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

    def command(name: str, summary: str, examples: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=f"Examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run[name])
        return added

    def takes_workspace(added: argparse.ArgumentParser) -> None:
        added.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, metavar="DIR", help=WORKSPACE_HELP)

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

    def takes_workers(added: argparse._ActionsContainer) -> None:
        added.add_argument("--workers", type=_whole(1), default=0, metavar="N", help="processes (one for each core)")

    def takes_limits(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "--timeout",
            type=_seconds,
            default=None,
            metavar="SECONDS",
            help="stop a report that takes longer; it is then incomplete and says so (no limit)",
        )
        added.add_argument(
            "--max-memory",
            type=_size,
            default=None,
            metavar="SIZE",
            help="stop a report that needs more memory, such as 2G or 500M (no limit)",
        )

    demo = command(
        "demo",
        "make the reports of the example teams",
        "  assessment-kit demo\n  assessment-kit demo --out /tmp/look",
    )
    demo.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="where to put it (./demo)")
    takes_workers(demo)

    lab = command(
        "lab",
        "open JupyterLab on the interview notebook",
        "  assessment-kit lab\n  assessment-kit lab --workspace ~/assessments -- --port 9000",
    )
    takes_workspace(lab)
    lab.add_argument("jupyter", nargs="*", metavar="-- OPTION", help="passed on to jupyter lab")

    new = command(
        "new",
        "create an empty document for a team",
        '  assessment-kit new Payments\n  assessment-kit new "Zahlungsverkehr & Co" --date 2026-11-24',
    )
    new.add_argument("team", metavar="TEAM", help="the team's name, any text")
    new.add_argument("--date", type=_day, default=None, metavar="DATE", help="date of the assessment (today)")
    takes_workspace(new)
    takes_guide(new)

    check = command(
        "check",
        "list every problem of documents and guides",
        "  assessment-kit check assessments\n"
        "  assessment-kit check my-guide.yaml assessments/payments/2026-11-24.json --json",
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="documents, guides, or folders of them")
    check.add_argument("--json", action="store_true", help="as JSON: a list of path, where, what, remedy")
    takes_guide(check)

    earlier = command(
        "history",
        "list the earlier revisions of a document, or bring one back",
        "  assessment-kit history assessments/payments/2026-11-24.json\n"
        "  assessment-kit history assessments/payments/2026-11-24.json --restore 12",
    )
    earlier.add_argument("file", type=Path, metavar="FILE", help="an assessment document")
    earlier.add_argument("--restore", type=_whole(1), default=None, metavar="N", help="bring back revision N")

    score = command(
        "score",
        "print scores and figures of one document",
        "  assessment-kit score assessments/payments/2026-11-24.json\n"
        "  assessment-kit score assessments/payments/2026-11-24.json --json > payments.json",
    )
    score.add_argument("file", type=Path, metavar="FILE", help="an assessment document")
    score.add_argument("--json", action="store_true", help="the whole evaluation as JSON")
    takes_guide(score)

    load = command(
        "import",
        "fill answers from ticket exports",
        "  assessment-kit import tickets.csv --team Payments\n"
        '  assessment-kit import incidents.csv.gz --team-column "Assignment group" --min-incidents 20\n'
        "  assessment-kit import january.xlsx february.xlsx --team Payments --timezone Europe/Zurich\n"
        "  assessment-kit import tickets.csv --team Payments --columns our-columns.yaml\n"
        "  assessment-kit import tickets.csv --team Payments --dry-run --json",
    )
    load.add_argument(
        "exports", nargs="+", type=Path, metavar="EXPORT", help="files of one kind: CSV, Excel, JSON, Parquet"
    )
    load.add_argument("--team", default="", metavar="NAME", help="the team all incidents belong to")
    load.add_argument("--team-column", default="", metavar="NAME", help="the column that names each incident's team")
    load.add_argument("--min-incidents", type=_whole(0), default=0, metavar="N", help="leave out teams with fewer")
    takes_workspace(load)
    load.add_argument("--date", type=_day, default=None, metavar="DATE", help="date of the assessment (today)")
    order = load.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_true", default=None, help="02/03/2026 is the 2nd of March")
    order.add_argument(
        "--month-first", dest="day_first", action="store_false", help="02/03/2026 is the 3rd of February"
    )
    load.add_argument(
        "--keep-descriptions",
        action="store_true",
        help="store a few descriptions as written beside each group of repeats; they may hold names",
    )
    load.add_argument("--timezone", default="", metavar="ZONE", help="zone of times without one: Europe/Zurich")
    load.add_argument("--keep", action="append", default=[], metavar="TEXT", help="a value, not a marker of nothing")
    load.add_argument("--missing", action="append", default=[], metavar="TEXT", help="a marker of nothing: NA, unknown")
    load.add_argument("--columns", type=Path, default=None, metavar="FILE", help="which column is what (YAML)")
    load.add_argument("--save-columns", type=Path, default=None, metavar="FILE", help="save how the columns were read")
    load.add_argument("--dry-run", action="store_true", help="show the whole account, write nothing")
    load.add_argument("--json", action="store_true", help="the account as JSON")
    takes_guide(load)

    report = command(
        "report",
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
    report.add_argument(
        "--previous-guide",
        default="",
        metavar="FILE",
        help="the guide that the earlier document was filled in under, where it is another one",
    )
    takes_guide(report)
    takes_audience(report)
    takes_limits(report)

    batch = command(
        "batch",
        "make the report of every team in a workspace",
        "  assessment-kit batch assessments --out reports\n"
        "  assessment-kit batch assessments --out reports --workers 2 --audience leadership\n"
        "  assessment-kit batch assessments --out reports --timeout 60 --max-memory 2G\n"
        "  assessment-kit batch s3://bucket/assessments --out s3://bucket/reports\n"
        "  assessment-kit batch assessments --out reports --cluster tcp://scheduler:8786\n\n"
        "Reports that would come out the same are left as they are. A batch that was stopped is completed by running\n"
        "it again.",
    )
    batch.add_argument("workspace", metavar="WORKSPACE", help="folder of documents: a path, or a URL such as s3://…")
    batch.add_argument(
        "--out", default=str(DEFAULT_OUT), metavar="DIR", help="folder for the reports: a path or a URL (./reports)"
    )
    batch.add_argument("--force", action="store_true", help="also make reports that would come out the same")
    where = batch.add_mutually_exclusive_group()
    takes_workers(where)
    where.add_argument(
        "--cluster", default="", metavar="ADDRESS", help="run on a Dask cluster, by its scheduler's address"
    )
    takes_limits(batch)
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


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a time that a report could take")
    return number


def _size(text: str) -> int:
    from assessment_kit.memory import LEAST

    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; write it as 2G or 500M")
    size = int(float(found[1]) * _UNITS[found[2].lower()])
    if size < LEAST:
        raise argparse.ArgumentTypeError(f"{text} is too little for any report; give {LEAST // 2**20}M or more")
    return size


def _day(text: str) -> date:
    from assessment_kit.values import parse_date

    found = parse_date(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2026-11-24")
    return found
