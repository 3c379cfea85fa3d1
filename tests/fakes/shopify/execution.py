"""Parsing, checking and executing documents against the official schema, pruned."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    execute_sync,
    get_named_type,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values

from tests.fakes.shopify import resolvers
from tests.fakes.shopify.cost import Pricing
from tests.fakes.shopify.errors import access_denied, told
from tests.fakes.shopify.store import Store

CONTRACT = Path(__file__).parents[2] / "contracts" / "shopify"
IMPLIED = "read_"


@dataclass(frozen=True, slots=True)
class Need:
    """A field that wants one of several scopes."""

    field: str
    scopes: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was read once and is run many times."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    needs: tuple[Need, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation that is asked for, None when it is not clear which."""
        definitions = self.document.definitions if self.document else ()
        found = [
            one
            for one in definitions
            if isinstance(one, OperationDefinitionNode)
            and name in (None, one.name.value if one.name else None)
        ]
        return found[0] if len(found) == 1 else None

    def pricing(self, variables: VariableValues) -> Pricing:
        """Return what prices this document's selections."""
        definitions = self.document.definitions if self.document else ()
        fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
        return Pricing(schema(), fragments, variables)


@cache
def schema() -> GraphQLSchema:
    """Return the pruned schema with its resolvers; built once a process."""
    built = build_schema((CONTRACT / "schema.graphql").read_text(encoding="utf-8"), assume_valid=True)
    resolvers.attach(built)
    return built


@cache
def scopes() -> dict[tuple[str, str], tuple[frozenset[str], str]]:
    """Return which scopes open a type ("" as field) or a field, and Shopify's words for it."""
    items = json.loads((CONTRACT / "scopes.json").read_text(encoding="utf-8"))
    return {
        (one["typeName"], one.get("fieldName", "")): (frozenset(one["offlineScopes"]), one["requiredAccess"])
        for one in items
    }


class _Needs(Visitor):
    """Collects the scopes that a document's fields want."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: list[Need] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, type_ = self.types.get_parent_type(), self.types.get_type()
        if parent:
            self._look(parent.name, node.name.value, node.name.value)
        if type_:
            self._look(get_named_type(type_).name, "", node.name.value)

    def enter_inline_fragment(self, *_: Any) -> None:
        type_ = self.types.get_type()
        if isinstance(type_, GraphQLNamedType):
            self._look(type_.name, "", type_.name)

    enter_fragment_definition = enter_inline_fragment

    def _look(self, type_: str, field: str, called: str) -> None:
        if place := scopes().get((type_, field)):
            self.found.append(Need(called, *place))


@lru_cache(maxsize=512)
def prepare(text: str) -> Prepared:
    """Parse and validate a document against the schema."""
    try:
        document = parse(text, no_location=False)
    except GraphQLError as error:
        return Prepared(None, (error,))
    if errors := validate(schema(), document):
        return Prepared(document, tuple(errors))
    types = TypeInfo(schema())
    needs = _Needs(types)
    visit(document, TypeInfoVisitor(types, needs))
    return Prepared(document, (), tuple(needs.found))


def values_of(
    operation: OperationDefinitionNode, variables: dict[str, Any]
) -> VariableValues | list[GraphQLError]:
    """Return the variables as their types want them, or what is wrong with them."""
    return get_variable_values(schema(), operation.variable_definitions or (), variables)


def denied(prepared: Prepared, granted: frozenset[str]) -> list[GraphQLError]:
    """Return an error for each field whose scope was not granted; to write implies to read."""
    have = granted | {scope.replace("write_", IMPLIED, 1) for scope in granted}
    return [access_denied(need.field, need.words) for need in prepared.needs if not need.scopes & have]


def run(prepared: Prepared, store: Store, variables: dict[str, Any], name: str | None) -> dict[str, Any]:
    """Execute a checked document; mutations run one after another, as the standard says."""
    assert prepared.document is not None
    result = execute_sync(
        schema(),
        prepared.document,
        context_value=store,
        variable_values=variables,
        operation_name=name,
        field_resolver=resolvers.strict,
    )
    reply: dict[str, Any] = {"errors": [told(error) for error in result.errors]} if result.errors else {}
    return reply | {"data": result.data}


def answer(text: str, store: Store, variables: dict[str, Any]) -> dict[str, Any]:
    """Execute one document outside of any bucket, as bulk mutations do."""
    prepared = prepare(text)
    operation = prepared.operation(None)
    values = values_of(operation, variables) if operation else []
    errors = values if isinstance(values, list) else denied(prepared, store.scopes)
    if errors:
        return {"errors": [told(error) for error in errors]}
    return run(prepared, store, variables, None)
