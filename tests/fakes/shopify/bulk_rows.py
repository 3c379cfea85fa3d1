"""The rows of a bulk query's result, written one by one: the store may be larger than the memory."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

from tests.fakes.shopify.bulk_rules import is_connection, node_of, operation_of
from tests.fakes.shopify.listing import found
from tests.fakes.shopify.store import Store
from tests.fakes.shopify.views import look

ROOTS = {
    "customers": "Customer",
    "inventoryItems": "InventoryItem",
    "orders": "Order",
    "productVariants": "ProductVariant",
    "products": "Product",
}
WINDOW = 100
"""Roots whose rows come mixed; on the real platform it may be all of them."""

ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)

Row = dict[str, Any]
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Part:
    """One selected field: how it is called in the result, and what is wanted of it."""

    name: str
    key: str
    arguments: Mapping[str, Any]
    shape: "Shape | None"
    only_of: str = ""
    """The type whose fragment it stands in; empty = always."""


@dataclass(slots=True)
class Shape:
    """What is selected of an object; the connections become rows of their own."""

    inline: list[Part] = field(default_factory=list)
    connections: list[Part] = field(default_factory=list)


def rows(store: Store, text: str, *, grouped: bool) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a result, each with the number of root objects that came with it."""
    for kind, arguments, shape in _roots(text):
        roots = found(store, kind, arguments.get("query"))
        while window := list(islice(roots, 1 if grouped else WINDOW)):
            made = [row for one in window for row in _object_rows(look(store, one), shape, None)]
            if not grouped:
                random.Random(len(made)).shuffle(made)  # noqa: S311 - no secret
            for number, row in enumerate(made):
                yield (len(window) if number == 0 else 0), _line(row)


def _line(row: Row) -> bytes:
    return ENCODER.encode(row).encode() + b"\n"


def _roots(text: str) -> Iterator[tuple[str, Mapping[str, Any], Shape]]:
    document = parse(text)
    operation = operation_of(document)
    fragments = {
        one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
    }
    for node in operation.selection_set.selections if operation else ():
        if isinstance(node, FieldNode) and is_connection(node):
            name = node.name.value
            if name not in ROOTS:
                raise GraphQLError(f"the fake cannot export {name}")
            yield ROOTS[name], _arguments(node), _shape(node_of(node), fragments)


def _arguments(node: FieldNode) -> dict[str, Any]:
    return {one.name.value: value_from_ast_untyped(one.value) for one in node.arguments or ()}


def _shape(chosen: SelectionSetNode | None, fragments: Fragments) -> Shape:
    shape = Shape()
    _fill(shape, chosen, fragments, "")
    return shape


def _fill(shape: Shape, chosen: SelectionSetNode | None, fragments: Fragments, only_of: str) -> None:
    for node in chosen.selections if chosen else ():
        match node:
            case FieldNode():
                to = shape.connections if is_connection(node) else shape.inline
                to.append(_part(node, fragments, only_of))
            case InlineFragmentNode():
                type_ = node.type_condition.name.value if node.type_condition else only_of
                _fill(shape, node.selection_set, fragments, type_)
            case FragmentSpreadNode():
                fragment = fragments[node.name.value]
                _fill(shape, fragment.selection_set, fragments, fragment.type_condition.name.value)


def _part(node: FieldNode, fragments: Fragments, only_of: str) -> Part:
    chosen = node_of(node) if is_connection(node) else node.selection_set
    return Part(
        node.name.value,
        (node.alias or node.name).value,
        _arguments(node),
        _shape(chosen, fragments) if chosen else None,
        only_of,
    )


def _object_rows(view: Mapping[str, Any], shape: Shape, parent: str | None) -> Iterator[Row]:
    row = _projected(view, shape)
    yield row if parent is None else row | {"__parentId": parent}
    for part in shape.connections:
        if part.shape and _is_meant(part, view):
            connection = view[part.name](None, whole=True, **part.arguments)
            for node in connection["nodes"]:
                yield from _object_rows(node, part.shape, view["id"])


def _projected(view: Mapping[str, Any], shape: Shape) -> Row:
    return {part.key: _value(view, part) for part in shape.inline if _is_meant(part, view)}


def _is_meant(part: Part, view: Mapping[str, Any]) -> bool:
    return not part.only_of or part.only_of == view["__typename"]


def _value(view: Mapping[str, Any], part: Part) -> Any:
    if part.name not in view:
        raise GraphQLError(f"the fake has no {part.name} to export")
    value = view[part.name]
    value = value(None, **part.arguments) if callable(value) else value
    if part.shape is None or value is None:
        return value
    if isinstance(value, list):
        return [_projected(one, part.shape) for one in value]
    return _projected(value, part.shape)
