"""Where the files that travel with the kit are: guides and templates, notebooks, examples.

In a checkout (or an editable install) they are the folders at the top of the project; from a wheel they are the copies
that the build put under ``assessment_kit/_shipped``. Either way the paths are real ones, because papermill, Jupyter and
nbconvert open them by name.
"""

from __future__ import annotations

from pathlib import Path

from assessment_kit.errors import StorageError

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """Return the folder of the guide and the report's templates.

    Raises
    ------
    StorageError
        The folder is missing from this installation.
    """
    return _folder("templates")


def notebooks_dir() -> Path:
    """Return the folder of the notebooks; raises like :func:`templates_dir`."""
    return _folder("notebooks")


def examples_dir() -> Path:
    """Return the folder of the example workspace and exports; raises like :func:`templates_dir`."""
    return _folder("examples")


def builtin_guide_path() -> Path:
    """Return the path of the guide that is used when none is named; raises like :func:`templates_dir`."""
    return _file(templates_dir(), "production-support.yaml")


def notebook_path(name: str) -> Path:
    """Return the path of one of the kit's notebooks.

    Parameters
    ----------
    name
        File name, with or without ``.ipynb``: ``team_report`` or ``team_report.ipynb``.

    Raises
    ------
    StorageError
        There is no such notebook in this installation.
    """
    return _file(notebooks_dir(), name if name.endswith(".ipynb") else f"{name}.ipynb")


def _folder(name: str) -> Path:
    # The copies first: beside an installed package lies everybody's site-packages, where some other distribution may
    # have left a folder called `examples`. In a checkout there are no copies.
    shipped = _PACKAGE / "_shipped"
    folder = (shipped if shipped.is_dir() else _PACKAGE.parent) / name
    if folder.is_dir():
        return folder
    raise StorageError(
        f"{folder}: this folder of the assessment kit is missing. "
        "Install the kit again, or restore the folder if you work in a checkout."
    )


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if path.is_file():
        return path
    others = ", ".join(sorted(found.name for found in folder.glob(f"*{path.suffix}"))) or "none"
    raise StorageError(
        f"{path}: this file of the assessment kit is missing (beside it: {others}). "
        "Install the kit again, or restore the file if you work in a checkout."
    )
