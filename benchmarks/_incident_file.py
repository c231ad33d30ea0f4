"""A CSV of made-up incidents, as large as asked: seeded, the same bytes every time, with text as people write it.

Two in three incidents come from a list of failures that return on the same items with other numbers, hosts and names;
the rest is written once. about 240 bytes a row.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

_ROWS_AT_ONCE = 250_000
_FAILURES = (
    "Batch job {job} failed with exit code {small} on {host}",
    "Disk usage on {host} is above {percent} %",
    "{first} {last} cannot log in to {app}, error {code}",
    "Queue {app}.orders holds {large} messages and is not consumed",
    "Timeout after {large} ms while calling {app} from {host}",
    "Certificate of {host} expires in {small} days",
    "Payment {uuid} was not booked, reference {large}",
    "CPU on {host} at {percent} % for {small} minutes",
    "File {app}_{date}.csv did not arrive by 0{digit}:30",
    "Please unlock the account of {mail}",
    "Printer {printer} on floor {digit} does not print",
    "Connection refused by {ip}:{port} during nightly transfer {large}",
    "{app} is slow for users in region {digit}, reported by {first} {last}",
    "Replication lag of {large} s on {host}, threshold {small} s",
    "Report {app}-{digit} shows wrong totals for customer {large}",
)
_ONCE = "users report that the {w1} {w2} screen of {app} {w3} after the {w4} of {w5} {w6}, ticket {large}"
_WORDS = (
    "account ledger balance invoice order address delivery refund contract customer branch device session upload "
    "export payroll pension claim policy tariff meter reading roster booking voucher discount catalogue search basket "
    "freezes fails crashes hangs vanishes flickers loops release upgrade restart migration failover change import"
).split()
_FIRST = (
    "Anna Ben Chloe David Elif Farid Grace Hugo Ines Jonas Kavya Liam Mei Noor Olga Pedro Quinn Rosa Sven Tara".split()
)
_LAST = (
    "Abel Bauer Costa Dubois Evans Fischer Garcia Haas Ivanov Jensen Kaya Lopez Meyer Novak Okoye Patel Rossi".split()
)
_APPS = "billing crm ledger webshop portal payroll mailer warehouse pricing identity search reports".split()


def write_incidents(path: Path, rows: int, seed: int = 2026) -> Path:
    """Write a ServiceNow-like list of so many incidents and return its path."""
    generator = np.random.default_rng(seed)
    for start in range(0, rows, _ROWS_AT_ONCE):
        frame = _rows(generator, start, min(_ROWS_AT_ONCE, rows - start), rows)
        frame.to_csv(path, index=False, header=start == 0, mode="w" if start == 0 else "a")
    return path


def _rows(generator: np.random.Generator, start: int, rows: int, of: int) -> pd.DataFrame:
    # Three years, so that a larger file is a busier desk and not a longer time; busier by day.
    year = np.datetime64("2023-01-02", "s")
    spread = (np.arange(start, start + rows) / of * 3 * 365 * 86_400).astype(np.int64)
    opened = year + (spread + generator.normal(0, 3 * 3600, rows).astype(np.int64)).astype("timedelta64[s]")
    hours = generator.lognormal(0.5, 1.6, rows)
    resolved = opened + (hours * 3600).astype("timedelta64[s]")
    closed = resolved + generator.integers(0, 5 * 86_400, rows).astype("timedelta64[s]")
    still_open = generator.random(rows) < 0.01
    level = generator.choice(5, rows, p=[0.02, 0.08, 0.45, 0.4, 0.05])
    texts, item = _texts(generator, rows)
    category = generator.choice(["Software", "Hardware", "Network", "Database", "Inquiry / Help"], rows)
    return pd.DataFrame(
        {
            "number": [f"INC{number:07d}" for number in range(start, start + rows)],
            "opened_at": _stamp(opened),
            "resolved_at": np.where(still_open, "", _stamp(resolved)),
            "closed_at": np.where(still_open, "", _stamp(closed)),
            "state": np.where(still_open, "In Progress", generator.choice(["Closed", "Resolved"], rows, p=[0.9, 0.1])),
            "priority": np.array(["1 - Critical", "2 - High", "3 - Moderate", "4 - Low", "5 - Planning"])[level],
            "category": category,
            "cmdb_ci": item,
            "assignment_group": np.char.add("Support team ", generator.integers(1, 61, rows).astype(str)),
            "reassignment_count": generator.poisson(0.6, rows),
            "reopen_count": (generator.random(rows) < 0.04).astype(int),
            "made_sla": np.where(generator.random(rows) < 0.9, "true", "false"),
            "caller_id": _names(generator, rows),
            "assigned_to": _names(generator, rows),
            "short_description": texts,
        }
    )


def _names(generator: np.random.Generator, rows: int) -> np.ndarray:
    first, last = generator.choice(_FIRST, rows), generator.choice(_LAST, rows)
    return np.char.add(np.char.add(first, " "), last)


def _texts(generator: np.random.Generator, rows: int) -> tuple[list[str], np.ndarray]:
    app = generator.choice(_APPS, rows)
    host = np.char.add(np.char.add(app, "-"), generator.integers(1, 400, rows).astype(str))
    ones = generator.random(rows) < 1 / 3
    parts = {
        "app": app,
        "host": [f"{name}.prod.example.com" for name in host],
        "job": [f"JB{n:04d}" for n in generator.integers(0, 300, rows)],
        "small": generator.integers(1, 100, rows),
        "percent": generator.integers(80, 100, rows),
        "large": generator.integers(1_000, 10_000_000, rows),
        "code": [f"0x{n:08X}" for n in generator.integers(0, 2**32, rows)],
        "digit": generator.integers(1, 10, rows),
        "uuid": [f"{a:08x}-{b:04x}-4{c:03x}-8{b % 4096:03x}-{d:012x}" for a, b, c, d in zip(
            generator.integers(0, 2**32, rows).tolist(), generator.integers(0, 2**16, rows).tolist(),
            generator.integers(0, 2**12, rows).tolist(), generator.integers(0, 2**48, rows).tolist(), strict=True)],
        "date": [f"2025{m:02d}{d:02d}" for m, d in zip(
            generator.integers(1, 13, rows).tolist(), generator.integers(1, 29, rows).tolist(), strict=True)],
        "mail": [f"{name}@example.com" for name in np.char.lower(np.char.replace(_names(generator, rows), " ", "."))],
        "printer": [f"PRN{n}" for n in generator.integers(100, 900, rows)],
        "ip": [f"10.{n >> 8 & 255}.{n & 255}.{n >> 16}" for n in generator.integers(0, 2**24, rows).tolist()],
        "port": generator.integers(1024, 65_000, rows),
        "first": generator.choice(_FIRST, rows),
        "last": generator.choice(_LAST, rows),
        **{f"w{place}": generator.choice(_WORDS, rows) for place in range(1, 7)},
    }  # fmt: skip
    chosen = np.where(ones, _ONCE, np.array(_FAILURES, dtype=object)[generator.integers(0, len(_FAILURES), rows)])
    columns = {name: np.asarray(values).tolist() for name, values in parts.items()}
    names = list(columns)
    texts = [
        template.format_map(dict(zip(names, row, strict=True)))
        for template, row in zip(chosen.tolist(), zip(*columns.values(), strict=True), strict=True)
    ]
    return texts, host


def _stamp(times: np.ndarray) -> np.ndarray:
    return np.char.replace(times.astype(str), "T", " ")
