"""What a document costs in points, and the bucket that the points come out of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import VariableValues, get_argument_values

MUTATION_POINTS = 10
# NOTE: no plan lifts this limit of a single document, so 100 aliased mutations are the most:
# https://shopify.dev/docs/api/usage/limits#rate-limits
MOST_POINTS = 1000
# NOTE: Shopify says only that a connection is sized by its page. This power of the page size
# meets the recorded costs to a point or two: 3 for a page of one, 6 for ten, 13 for 250.
PAGE_POWER = 0.43
FREE_TYPES = frozenset({"MoneyV2", "UserError"})

PLANS: Mapping[str, tuple[int, int]] = {
    "standard": (2000, 100),
    "advanced": (4000, 200),
    "plus": (20000, 1000),
    "boundless": (1_000_000, 1_000_000),
}
"""Bucket size and points restored a second; the last is no plan of Shopify's, but for trying things out."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices the selections of one document."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def operation(self, operation: OperationDefinitionNode, data: Any = None) -> int:
        """Return the points asked for, or with `data` the points used."""
        if operation.operation is OperationType.MUTATION:
            return MUTATION_POINTS * len(operation.selection_set.selections)
        root = self.schema.query_type
        assert root is not None
        return max(1, round(self._selections(operation.selection_set, root, data)))

    def _selections(self, chosen: SelectionSetNode | None, type_: GraphQLNamedType, data: Any) -> float:
        points, alternatives = 0.0, [0.0]
        for node in chosen.selections if chosen else ():
            match node:
                case FieldNode():
                    points += self._field(node, type_, data)
                case InlineFragmentNode() if node.type_condition:
                    inner = self.schema.type_map[node.type_condition.name.value]
                    alternatives.append(self._selections(node.selection_set, inner, data))
                case InlineFragmentNode():
                    points += self._selections(node.selection_set, type_, data)
                case FragmentSpreadNode():
                    fragment = self.fragments[node.name.value]
                    inner = self.schema.type_map[fragment.type_condition.name.value]
                    alternatives.append(self._selections(fragment.selection_set, inner, data))
        return points + max(alternatives)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, data: Any) -> float:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or not node.selection_set:
            return 0
        field = parent.fields[node.name.value]
        type_ = get_named_type(field.type)
        value = data.get((node.alias or node.name).value) if isinstance(data, Mapping) else None
        if type_.name.endswith("Connection"):
            page = get_argument_values(field, node, self.variables)
            return self._connection(node.selection_set, type_, page, value)
        inner = self._selections(node.selection_set, type_, value)
        each = inner if type_.name in FREE_TYPES else 1 + inner
        return each * self._asked_for(node, parent, value)

    def _asked_for(
        self, node: FieldNode, parent: GraphQLObjectType | GraphQLInterfaceType, value: Any
    ) -> int:
        # NOTE: Shopify writes down no rule for `nodes(ids:)`. One id costs what one object does, as
        # recorded; so each further one is taken to cost the same, and who is gone nothing.
        if node.name.value != "nodes" or "ids" not in parent.fields["nodes"].args:
            return 1
        ids = get_argument_values(parent.fields["nodes"], node, self.variables)["ids"]
        return sum(one is not None for one in value) if isinstance(value, list) else len(ids)

    def _connection(
        self, chosen: SelectionSetNode, type_: GraphQLNamedType, page: Mapping[str, Any], value: Any
    ) -> float:
        size = page.get("first") or page.get("last") or 1
        if isinstance(value, Mapping):
            size = len(value.get("nodes") or value.get("edges") or ())
        each = max(1.0, self._selections(chosen, type_, None) - self._wrappers(chosen))
        return 2 + self._wrappers(chosen) + each * float(float(size) ** PAGE_POWER)

    def _wrappers(self, chosen: SelectionSetNode) -> int:
        names = [node.name.value for node in chosen.selections if isinstance(node, FieldNode)]
        return 1 if "pageInfo" in names else 0


class Bucket:
    """Shopify's leaky bucket: takes what was used, fills by the second, never above its size."""

    def __init__(self, plan: str, clock: Callable[[], float]) -> None:
        self.size, self.restore_rate = PLANS[plan]
        self._clock = clock
        self._available = float(self.size)
        self._filled_at = clock()

    def status(self) -> dict[str, int]:
        """Return Shopify's throttleStatus."""
        self._fill()
        return {
            "maximumAvailable": self.size,
            "currentlyAvailable": int(self._available),
            "restoreRate": self.restore_rate,
        }

    def has(self, points: int) -> bool:
        """Tell whether a request of so many points is let in."""
        self._fill()
        return self._available >= points

    def take(self, points: int) -> None:
        """Spend points; what was asked for but not used is never taken."""
        self._available -= points

    def empty(self) -> None:
        """Leave nothing, as another user of the same app would."""
        self._fill()
        self._available = 0

    def _fill(self) -> None:
        now = self._clock()
        restored = max(0.0, now - self._filled_at) * self.restore_rate
        self._available = min(float(self.size), self._available + restored)
        self._filled_at = now
