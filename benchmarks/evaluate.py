"""How long the evaluation of one full document takes, beside parsing its JSON. Goal: below 5 ms.

Run from the top of the checkout: ``python benchmarks/evaluate.py [DOCUMENT.json]``. Without a file it takes the
document of the tests in which every question of the built-in guide is answered.
"""

from __future__ import annotations

import statistics
import sys
import time
import timeit
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assessment_kit.document import parse_document, to_json
from assessment_kit.evaluate import evaluate, to_dict
from assessment_kit.guide_file import load_guide
from tests.builders import COHERENT, document

GOAL_MS = 5.0


def milliseconds(call: Callable[[], object], repeats: int = 15, each: int = 20) -> tuple[float, float]:
    """Return the best and the median time of one call, in milliseconds of this process on a processor.

    Time on the wall would also count what else the machine is doing.
    """
    timings = timeit.repeat(call, timer=time.process_time, number=each, repeat=repeats)
    rounds = [1000 * seconds / each for seconds in timings]
    return min(rounds), statistics.median(rounds)


def main() -> int:
    """Print the times; return 1 where the goal is missed."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else to_json(document(COHERENT))
    guide, parsed = load_guide(), parse_document(text)
    evaluated = evaluate(parsed, guide)
    parse_ms, _ = milliseconds(lambda: parse_document(text))
    evaluate_ms, median_ms = milliseconds(lambda: evaluate(parsed, guide))
    dict_ms, _ = milliseconds(lambda: to_dict(evaluated))
    print(f"{len(parsed.answers)} answers, {len(text) / 1000:.1f} kB of JSON")
    print(f"parse the document  {parse_ms:7.2f} ms")
    print(f"evaluate it         {evaluate_ms:7.2f} ms (median {median_ms:.2f} ms; goal below {GOAL_MS:g} ms)")
    print(f"result to JSON data {dict_ms:7.2f} ms")
    print(f"evaluate / parse    {evaluate_ms / parse_ms:7.1f}")
    return 0 if evaluate_ms < GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
