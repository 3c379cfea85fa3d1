"""What comes with this release as a file of its own."""

from importlib.resources import files


def packaged_catalogue() -> str:
    """Read the text of the packaged catalogue."""
    return files("nextorder.domain").joinpath("catalogue.toml").read_text("utf-8")
