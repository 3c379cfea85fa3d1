"""Several shops share a stack's log: each line of a handler says whose it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HANDLERS = sorted((Path(__file__).resolve().parents[2] / "functions").glob("*/handler.py"))


def lines(handler: Path) -> Iterator[ast.Call]:
    """Yield each call that logs."""
    for node in ast.walk(ast.parse(handler.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="logger"), attr="info" | "warning" | "error")):
                yield node


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_each_log_line_names_its_shop_or_shops(handler: Path) -> None:
    for line in lines(handler):
        assert {"shop", "shops"} & {keyword.arg for keyword in line.keywords}, ast.unparse(line)


def test_most_handlers_log() -> None:
    assert sum(any(lines(handler)) for handler in HANDLERS) > len(HANDLERS) / 2
