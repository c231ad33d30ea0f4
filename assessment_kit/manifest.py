"""``manifest.json``: what a batch made, from what, and what failed. At every moment it is a valid file.

It is also what the next batch looks at: a report whose fingerprint and files are still there is not made again. Sizes
of files are enough to see that after a batch that ended; after one that was killed, which may have overwritten files
that its last manifest lists as they were before, their bytes are looked at too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from assessment_kit import __version__

NAME = "manifest.json"

#: It is written at most this often (seconds) while a batch runs.
OFTEN = 1.0


@dataclass(frozen=True)
class Entry:
    """One team's line.

    Attributes
    ----------
    document
        The document's path, seen from the workspace.
    document_sha256
        Of the document's bytes.
    inputs_sha256
        Fingerprint of everything that the report is made of; None when it was not made.
    html_bytes, notebook_bytes, html_sha256, notebook_sha256
        By which a file that was cut short or changed since is noticed.
    """

    team: str
    date: str
    status: str
    error: str | None
    html: str | None
    notebook: str | None
    document: str
    document_sha256: str | None
    inputs_sha256: str | None
    html_bytes: int | None
    notebook_bytes: int | None
    html_sha256: str | None
    notebook_sha256: str | None

    @property
    def files(self) -> dict[str, str | None]:
        """The names of its files with their SHA-256."""
        both = {self.html: self.html_sha256, self.notebook: self.notebook_sha256}
        return {name: sha for name, sha in both.items() if name is not None}

    def still_there(self, inputs: str, sizes: Mapping[str, int]) -> bool:
        """Tell whether the report was made from these inputs, completely, and its files are as large as they were."""
        return (
            self.status == "ok"
            and self.inputs_sha256 == inputs
            and self.html is not None
            and self.notebook is not None
            and sizes.get(self.html) == self.html_bytes
            and sizes.get(self.notebook) == self.notebook_bytes
        )


@dataclass(frozen=True)
class Before:
    """What an earlier batch left in a folder.

    Attributes
    ----------
    entries
        By document.
    audience
        Whom its reports are for; empty where there are none.
    complete
        Whether it ended.
    files
        Every file that batches made there for reports.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    audience: str = ""
    complete: bool = True
    files: frozenset[str] = frozenset()


def read_manifest(data: bytes | None) -> Before:
    """Return what an earlier batch left; nothing where there is no manifest, or none that this version wrote."""
    try:
        found = json.loads(data or b"{}")
        entries = [Entry(**entry) for entry in found.get("teams", ())]
        files = {name for entry in entries for name in entry.files}.union(found.get("earlier", ()))
        audience = str(found.get("audience", ""))
        return Before({entry.document: entry for entry in entries}, audience, bool(found["complete"]), frozenset(files))
    except (ValueError, TypeError, AttributeError, KeyError):
        return Before()


@dataclass(frozen=True)
class Heading:
    """What a manifest says of the whole batch.

    Attributes
    ----------
    guide
        Its id and version.
    generated
        The one date in it.
    earlier
        Files of reports that are nobody's latest any more.
    """

    guide: tuple[str, str]
    audience: str
    generated: str
    earlier: tuple[str, ...] = ()


class Record:
    """The manifest while it grows: what is done, and until it is, what was there before.

    Parameters
    ----------
    write
        Writes the file whole or not at all.
    before
        What an earlier batch made of the same documents.
    """

    def __init__(self, write: Callable[[bytes], None], before: Iterable[Entry], heading: Heading) -> None:
        self._write = write
        self._entries = {entry.document: entry for entry in before}
        self._heading = heading
        self._written = time.monotonic()

    def add(self, entry: Entry) -> None:
        """Write down what became of a team."""
        self._entries[entry.document] = entry
        if time.monotonic() - self._written > OFTEN:
            self.write(complete=False)

    def write(self, *, complete: bool) -> None:
        """Write the manifest; ``complete`` is False while the batch runs, and after it was stopped."""
        heading = self._heading
        manifest: dict[str, Any] = {
            "kit": __version__,
            "generated": heading.generated,
            "guide": {"id": heading.guide[0], "version": heading.guide[1]},
            "audience": heading.audience,
            "complete": complete,
            "earlier": list(heading.earlier),
            "teams": [asdict(entry) for entry in sorted(self._entries.values(), key=in_order)],
        }
        self._write((json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace"))
        self._written = time.monotonic()


def in_order(entry: Any) -> tuple[str, str, str]:
    """Return what teams are sorted by: the alphabet, not the score. Comparing by rank is what the kit does not do."""
    return str(entry.team).casefold(), str(entry.date), str(entry.document)
