"""The command ``assessment-kit``: a thin wrapper that reads arguments, calls the library and prints.

Exit codes: 0 fine; 1 something in the data is wrong, a team's report failed, or a batch could not go on; 2 wrong
usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date

from assessment_kit.arguments import build_parser
from assessment_kit.errors import AssessmentKitError, DataError, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. A user's mistake never shows a traceback."""
    arguments = build_parser(COMMANDS).parse_args(argv)
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
        again = " Run the same command again to make the rest." if arguments.command == "batch" else ""
        return _complain(f"Stopped.{again}", code=130)


def _complain(*lines: str | int, code: int = 2) -> int:
    if lines and isinstance(lines[-1], int):
        *lines, code = lines  # type: ignore[assignment]
    from assessment_kit.terminal import say

    for line in lines:
        say(line, file=sys.stderr)
    return code


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
    from assessment_kit import wording
    from assessment_kit.check import check_paths
    from assessment_kit.terminal import say

    checked, problems = check_paths(arguments.paths, arguments.guide)
    if arguments.json:
        print(json.dumps([problem.to_dict() for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            say(problem)
        bad = len({problem.path for problem in problems})
        print(
            f"{checked} checked, {bad} with problems; {wording.count(len(problems), 'problem')} in all.",
            file=sys.stderr,
        )
    return 1 if problems else 0


def _score(arguments: argparse.Namespace) -> int:
    from assessment_kit.check import read_checked
    from assessment_kit.evaluate import evaluate, to_dict
    from assessment_kit.guide_file import load_guide
    from assessment_kit.terminal import say, score_lines

    guide = load_guide(arguments.guide or None)
    evaluation = evaluate(read_checked(arguments.file, guide), guide)
    if arguments.json:
        print(json.dumps(to_dict(evaluation), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        say("\n".join(score_lines(evaluation)))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from assessment_kit.column_file import Reading, read_columns, save_columns, suggestion
    from assessment_kit.errors import ExportError
    from assessment_kit.intake import import_exports
    from assessment_kit.terminal import import_lines, say

    reading = read_columns(arguments.columns) if arguments.columns else Reading()
    reading = reading.overruled(
        day_first=arguments.day_first, timezone=arguments.timezone, keep=arguments.keep, missing=arguments.missing
    )
    try:
        done = import_exports(
            arguments.exports,
            workspace=None if arguments.dry_run else arguments.workspace,
            day=arguments.date or date.today(),
            team=arguments.team,
            team_column=arguments.team_column,
            min_incidents=arguments.min_incidents,
            reading=reading,
            guide=arguments.guide,
            keep_descriptions=arguments.keep_descriptions,
        )
    except ExportError as error:
        code = _complain(*(str(problem) for problem in error.problems), code=1)
        if lines := suggestion(arguments.exports, reading):
            say(lines, file=sys.stderr)
        return code
    if arguments.save_columns:
        save_columns(arguments.save_columns, done.read.columns, reading)
    if arguments.json:
        print(json.dumps(done.to_dict(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        say("\n".join(import_lines(done)))
    return 1 if done.refused else 0


def _history(arguments: argparse.Namespace) -> int:
    from assessment_kit.terminal import history_lines, say
    from assessment_kit.workspace import Workspace, history

    revisions = history(arguments.file)
    if arguments.restore is None:
        say("\n".join(history_lines(arguments.file, revisions)))
        return 0
    wanted = next((revision for revision in revisions if revision.number == arguments.restore), None)
    if wanted is None:
        raise UsageError(f"{arguments.file}: no revision {arguments.restore}. Without --restore they are listed.")
    opened = Workspace(arguments.file.resolve().parent.parent).restore(arguments.file.resolve(), wanted)
    print(f"{opened.path} is revision {wanted.number} again. What was there before is a revision too.")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from assessment_kit.singles import make_reports
    from assessment_kit.terminal import print_reports

    return print_reports(
        make_reports(
            arguments.files,
            arguments.out,
            previous=arguments.previous,
            previous_guide=arguments.previous_guide,
            guide=arguments.guide,
            audience=arguments.audience,
            timeout=arguments.timeout,
            max_memory=arguments.max_memory,
        )
    )


def _batch(arguments: argparse.Namespace) -> int:
    from assessment_kit.batch import run_batch
    from assessment_kit.terminal import note, print_batch, progress

    with progress() as on_done:
        result = run_batch(
            arguments.workspace,
            arguments.out,
            workers=arguments.workers,
            guide=arguments.guide,
            audience=arguments.audience,
            generated=date.today().isoformat(),
            timeout=arguments.timeout,
            max_memory=arguments.max_memory,
            force=arguments.force,
            cluster=arguments.cluster,
            on_done=on_done,
            on_note=note,
        )
    return print_batch(result)


COMMANDS = {
    "demo": _demo,
    "lab": _lab,
    "new": _new,
    "check": _check,
    "history": _history,
    "score": _score,
    "import": _import,
    "report": _report,
    "batch": _batch,
}
