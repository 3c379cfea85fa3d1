"""A file that cannot be read: why, without its name twice or a number of the system's."""

from pathlib import Path

import pytest

from nextorder.cli.text_file import read_text
from nextorder.domain.errors import BadSettings


def test_a_mark_at_the_beginning_is_none_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "of-a-spreadsheet.csv"
    path.write_text("\ufeffsku,cost", encoding="utf-8")

    assert read_text(path) == "sku,cost"


def test_why_a_file_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes("prix: 5 \u20ac".encode("cp1252"))
    whys = {tmp_path / "nowhere": "No such file or directory", latin: "it is not text in UTF-8"}

    for path, why in whys.items():
        with pytest.raises(BadSettings) as refusal:
            read_text(path)
        assert str(refusal.value) == f"{path} cannot be read: {why}"
