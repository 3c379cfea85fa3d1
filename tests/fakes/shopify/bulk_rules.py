"""What Shopify demands of a query or a mutation before it runs it in bulk, in its own recorded words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLList,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_nullable_type,
    parse,
    validate,
    visit,
)

from tests.fakes.shopify.errors import told

MOST_BYTES = 65_535
MOST_CONNECTIONS = 5
DEEPEST = 2

WITH_NODES = (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', "
    "e.g: '{0} {{ edges {{ node {{'. Selecting via 'nodes' is not supported. "
    "Invalid connection fields: '{0}'."
)
WITHOUT_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias "
    "and must be of 'ID' return type. Connection fields without 'id': {0}."
)
WITHIN_A_LIST = "Queries that contain a connection field within a list field are not currently supported."
NOT_ALLOWED = "You must use an allowed mutation name."

Payload = dict[str, Any]


def query_problems(schema: GraphQLSchema, text: str) -> list[Payload]:
    """Return the userErrors of a bulk query; their order is as recorded."""
    if len(text.encode()) > MOST_BYTES:
        return [_invalid(f"Query is too long (maximum is {MOST_BYTES} bytes)")]
    try:
        document = parse(text)
    except GraphQLError as error:
        return [_invalid(f"Invalid bulk query: {told(error)['message']}")]
    operation = operation_of(document)
    if operation is None or operation.operation is not OperationType.QUERY:
        return [_invalid("Invalid operation type. Only `query` operations are supported.")]
    if problems := list(_structure(schema, document)):
        return [_invalid(message) for message in problems]
    return [_invalid(told(error)["message"]) for error in validate(schema, document)]


def mutation_problems(text: str) -> list[Payload]:
    """Return the userErrors of a bulk mutation, as far as they need no schema."""
    try:
        operation = operation_of(parse(text))
    except GraphQLError as error:
        return [_refused(f"Failed to parse the mutation - {_syntax(text, error)}", "INVALID_MUTATION")]
    roots = operation.selection_set.selections if operation else ()
    names = [root.name.value for root in roots if isinstance(root, FieldNode)]
    is_mutation = operation is not None and operation.operation is OperationType.MUTATION
    if not is_mutation or len(names) != 1 or names[0].startswith("bulkOperation"):
        return [{"field": ["mutation"], "message": NOT_ALLOWED, "code": None}]
    return []


def operation_of(document: DocumentNode) -> OperationDefinitionNode | None:
    """Return the only operation."""
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return found[0] if len(found) == 1 else None


def fields_of(chosen: SelectionSetNode | None) -> dict[str, FieldNode]:
    """Return the fields directly selected, by name."""
    found = [one for one in (chosen.selections if chosen else ()) if isinstance(one, FieldNode)]
    return {one.name.value: one for one in found}


def is_connection(node: FieldNode) -> bool:
    """Tell a connection by what is selected of it; its type may be cut out of the schema."""
    return bool({"edges", "nodes"} & fields_of(node.selection_set).keys())


def node_of(connection: FieldNode) -> SelectionSetNode | None:
    """Return what is selected of a connection's nodes."""
    inner = fields_of(connection.selection_set)
    edges = fields_of(inner["edges"].selection_set) if "edges" in inner else inner
    node = edges.get("node") or inner.get("nodes")
    return node.selection_set if node else None


@dataclass
class _Found(Visitor):
    """Collects the connections of a document, and how they lie in each other."""

    types: TypeInfo
    names: list[str] = field(default_factory=list)
    with_nodes: list[str] = field(default_factory=list)
    without_id: list[str] = field(default_factory=list)
    depth: int = 0
    within_a_list: bool = False
    _open: list[FieldNode] = field(default_factory=list)
    _lists: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if is_connection(node):
            self._enter_connection(node)
        elif self._is_list(node):
            self._lists += 1

    def leave_field(self, node: FieldNode, *_: Any) -> None:
        if is_connection(node):
            self._open.pop()
        elif self._is_list(node):
            self._lists -= 1

    def _enter_connection(self, node: FieldNode) -> None:
        name = node.name.value
        self.names.append(name)
        if "nodes" in fields_of(node.selection_set):
            self.with_nodes.append(name)
        if (
            self._open
            and not _selects_id(self._open[-1])
            and self._open[-1].name.value not in self.without_id
        ):
            self.without_id.append(self._open[-1].name.value)
        self.depth = max(self.depth, len(self._open))
        self.within_a_list = self.within_a_list or self._lists > 0
        self._open.append(node)

    def _is_list(self, node: FieldNode) -> bool:
        if node.name.value in {"edges", "nodes"}:
            return False
        type_ = self.types.get_type()
        return type_ is not None and isinstance(get_nullable_type(type_), GraphQLList)


def _selects_id(connection: FieldNode) -> bool:
    node = fields_of(node_of(connection)).get("id")
    return node is not None and (node.alias is None or node.alias.value == "id")


def _structure(schema: GraphQLSchema, document: DocumentNode) -> Iterator[str]:
    types = TypeInfo(schema)
    found = _Found(types)
    visit(document, TypeInfoVisitor(types, found))
    operation = operation_of(document)
    if operation and "node" in fields_of(operation.selection_set):
        yield "Bulk queries cannot contain a top level `node` field."
    if not found.names:
        yield "Bulk queries must contain at least one connection."
    if found.with_nodes:
        yield WITH_NODES.format("', '".join(found.with_nodes))
    if found.without_id:
        yield WITHOUT_ID.format(", ".join(found.without_id))
    if found.depth > DEEPEST:
        yield f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
    if len(found.names) > MOST_CONNECTIONS:
        yield f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if found.within_a_list:
        yield WITHIN_A_LIST


def _syntax(text: str, error: GraphQLError) -> str:
    """Shopify says of a text that ends too soon where its last word began."""
    if "<EOF>" not in error.message:
        return str(told(error)["message"])
    before = text.rstrip()
    line = before.count("\n") + 1
    column = len(before) - len(before.split("\n")[-1].split()[-1]) - before.rfind("\n")
    return f"syntax error, unexpected end of file at [{line}, {column}]"


def _invalid(message: str) -> Payload:
    return {"field": ["query"], "message": message, "code": "INVALID"}


def _refused(message: str, code: str) -> Payload:
    return {"field": None, "message": message, "code": code}
