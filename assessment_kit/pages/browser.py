"""The scripts that draw charts in a browser: Vega in one bundle, and the loader.

The bundle (about 0.9 MB) comes from ``vl_convert``, which needs more than a second to build it. It is kept in the
user's cache folder, under a name that holds the version it was built with; without such a folder it is built each time.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

from assessment_kit import style
from assessment_kit.durable import write_text
from assessment_kit.errors import StorageError
from assessment_kit.resources import templates_dir

#: The name under which the bundle hands its one function to the loader. (Its ``vega`` and ``vegaLite`` are null.)
_EXPORT = "window.akEmbed=vegaEmbed;"


#: Our own scripts, in the order in which they run: the loader comes last and starts the page.
_SCRIPTS = ("paper.js", "links.js", "selections.js", "what_if.js", "loader.js")


@cache
def _own_scripts(names: tuple[str, ...] = _SCRIPTS) -> str:
    folder = templates_dir() / "report"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def chart_scripts(*, watch: bool) -> tuple[str, str]:
    """Return the scripts that draw the charts of a page: the bundle, and our own with their start.

    Parameters
    ----------
    watch
        Also draw charts that appear later, as they do in JupyterLab.
    """
    # In a function of its own: the bundle declares hundreds of short constants, and declaring them twice is an error.
    bundle = f"window.akEmbed||(()=>{{{vega_bundle()}\n}})();"
    given = {
        "watch": watch,
        "config": style.vega_config(),
        "narrow": style.NARROW,
        "narrowConfig": style.narrow_config(),
    }
    settings = json.dumps(given, separators=(",", ":"))
    return bundle, f"{_own_scripts()}\nakStart({settings});"


@cache
def filter_script() -> str:
    """Return the script that filters the teams of a portfolio, which draws nothing and needs no other."""
    return _own_scripts(("paper.js", "filter.js"))


def script_tags(*, watch: bool) -> str:
    """Return :func:`chart_scripts` as elements."""
    return "".join(f"<script>{script}</script>" for script in chart_scripts(watch=watch))


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script without imports (ES2020, safe inside ``<script>``)."""
    kept = _cache_file()
    found = _read_checked(kept)
    if found is not None:
        return found
    # Imported here: reading the cached file must not cost the load of a 30 MB library.
    import vl_convert

    # Neither occurs in today's bundle; a later one must not be able to end the element or open a comment.
    bundle = re.sub(r"<(?=/script|!--)", r"\\x3c", vl_convert.javascript_bundle(_EXPORT), flags=re.IGNORECASE)
    # A cache that cannot be written costs a second each time, and is no reason to stop.
    with suppress(StorageError, OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_text(kept, f"{_digest(bundle)}\n{bundle}")
    return bundle


def _cache_file() -> Path:
    version = importlib.metadata.version("vl-convert-python")
    return Path(platformdirs.user_cache_dir("assessment-kit", appauthor=False)) / f"vega-{version}.js"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_checked(path: Path) -> str | None:
    """Return the file's text when its first line is the digest of the rest, otherwise None."""
    try:
        digest, _, text = path.read_bytes().decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if digest == _digest(text) else None
