"""Finds what ships beside the package: prompts, pipelines and the quickstart's data."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """The shipped `prompts`, `pipelines` or `data` folder: in a wheel, or else in a checkout.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    for place in (_PACKAGE / "_shipped" / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"kodgen was installed without its {folder}/ folder; reinstall it")
