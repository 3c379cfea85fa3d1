"""The packaged catalogue with a segment of a merchant's own."""

from pathlib import Path

from nextorder.domain import catalogue as module
from nextorder.domain.catalogue import Catalogue, parse_catalogue

TEXT = Path(module.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")


def catalogue_with(*when: str, name: str = "mine", more: str = "") -> Catalogue:
    conditions = ",\n  ".join(f'"{one}"' for one in when)
    table = f'[own.{name}]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = [\n  {conditions},\n]\n'
    return parse_catalogue(f"{TEXT}\n{table}{more}")
