"""Whether a report would come out the same: a digest of everything that it is made of.

A report is a function of the document and the one before it, the guide, the notebook, the template, the audience, and
the code: the kit's own and that of the libraries that draw and write it. Its fingerprint holds all of them, so that
equal fingerprints mean equal bytes, and only those reports are made again that would differ.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from assessment_kit import __version__
from assessment_kit.resources import templates_dir

#: Libraries that put something into a report.
LIBRARIES = (
    "altair", "ipykernel", "ipython", "jinja2", "markupsafe", "nbclient", "nbconvert", "nbformat", "numpy", "pandas",
    "papermill", "pydantic", "vl-convert-python",
)  # fmt: skip


@cache
def code_digest() -> str:
    """Return a digest of the kit's code and templates, and of the versions of Python and of :data:`LIBRARIES`."""
    package = Path(__file__).parent
    shipped = package / "_shipped"
    code = [
        path for path in package.rglob("*") if path.suffix in {".py", ".js", ".css"} and shipped not in path.parents
    ]
    parts = [__version__.encode(), ".".join(platform.python_version_tuple()[:2]).encode()]
    parts += [f"{name} {importlib.metadata.version(name)}".encode() for name in LIBRARIES]
    for root, files in ((package, code), (templates_dir(), templates_dir().rglob("*"))):
        for path in sorted(path for path in files if path.is_file()):
            parts += [path.relative_to(root).as_posix().encode(), path.read_bytes()]
    return digest(parts)


def digest(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of several parts, each with its length: two of them never run into each other."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
