"""A file larger than memory: the same answers as without a limit, and how much memory that took.

Run as ``python benchmarks/large_file.py``; ``python benchmarks/large_file.py 2.5 1.0`` for a file of 2.5 GB and 1 GB
of memory. The list of ``_incident_file.py`` gets a column of work notes, paragraphs with commas, quotation marks and
line breaks, as wide exports have them. It is read once freely and once by a process that may allocate less than the
file is long (``RLIMIT_DATA``). Needs the disk for the file, and half a minute for each gigabyte.
"""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _incident_file import write_incidents

ROWS = 300_000
_WORDS = (
    "restarted the service on node two and watched it for ten minutes; users confirmed, closing soon. the vendor said "
    'that a patch, due in march, will mend it for good. attached logs show ""connection reset"" at the same second'
).split()


def write_wide(path: Path, gigabytes: float, seed: int = 7) -> Path:
    """Write the list of incidents with a column of work notes, so that the file is as large as asked."""
    plain = write_incidents(path.with_suffix(".plain"), ROWS)
    length = int((gigabytes * 1e9 - plain.stat().st_size) / ROWS)
    generator = np.random.default_rng(seed)
    notes = []
    for _ in range(500):
        words = " ".join(generator.choice(_WORDS, length // 5).tolist())[:length]
        notes.append(words.replace(". ", ".\n").rstrip('"').encode())
    chosen = generator.integers(0, len(notes), ROWS).tolist()
    with plain.open("rb") as source, path.open("wb") as target:
        target.write(source.readline().rstrip(b"\n") + b",work_notes\n")
        for line, note in zip(source, chosen, strict=True):
            target.write(line.rstrip(b"\n") + b',"' + notes[note] + b'"\n')
    plain.unlink()
    return path


def child(path: Path, gigabytes: float) -> None:
    """Import the file and print what came of it: a hash of the whole account, seconds, and the peak of memory."""
    from assessment_kit.errors import ExportError
    from assessment_kit.incidents import read_export

    if gigabytes:
        resource.setrlimit(resource.RLIMIT_DATA, (int(gigabytes * 1e9),) * 2)
    start = time.perf_counter()
    try:
        read = read_export(path, team="Bench")
    except ExportError as error:
        print(json.dumps({"problem": str(error)}))
        return
    account = json.dumps([read.to_dict(), read.teams["Bench"].record, read.teams["Bench"].answers], sort_keys=True)
    found = {
        "answers": hashlib.sha256(account.encode()).hexdigest()[:16],
        "incidents": read.incidents,
        "repeat_share": read.measures["repeat_share"].value,
        "seconds": round(time.perf_counter() - start, 1),
        "memory_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }
    print(json.dumps(found))


def main(size: float, memory: float) -> int:
    """Print both imports, and whether they say the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_wide(Path(folder) / "wide.csv", size)
        print(f"{path.stat().st_size / 1e9:.2f} GB, {ROWS:,} rows")
        found = []
        for limit in (0.0, memory):
            done = subprocess.run(
                [sys.executable, __file__, "--child", str(path), str(limit)], capture_output=True, text=True, check=True
            )
            found.append(json.loads(done.stdout))
            print(f"{f'at most {limit:g} GB' if limit else 'no limit':>16}: {done.stdout.strip()}", flush=True)
    same = "answers" in found[0] and found[0]["answers"] == found[1].get("answers")
    print("The answers are the same." if same else "The answers differ.")
    return 0 if same else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), float(sys.argv[3]))
    else:
        raise SystemExit(main(*map(float, sys.argv[1:] or ("2.5", "1.0"))))
