"""A bulk job cut into files of variables: one mutation a file, one customer a line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nextorder.adapters.shopify import projection
from nextorder.adapters.shopify.documents import customer_gid
from nextorder.adapters.shopify.projection import METAFIELDS, NAMESPACE
from nextorder.domain.changes import BulkJob, Change, Handed

LINES: Final = 2_500
"""
In a file: four files of one kind run side by side. A line is under 4 KB, so that a file stays far
below the 100 MB that Shopify takes.
"""
KINDS: Final = ("metafieldsSet", "tagsAdd", "metafieldsDelete", "tagsRemove")
"""
As they are begun: first what only the process that planned the job can begin, since values are not kept.
Never a moment without a tag: tagsRemove waits until every tagsAdd has ended.
"""
MUTATIONS: Final[Mapping[str, str]] = {
    "metafieldsSet": """
mutation Write($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { field message code } }
}""",
    "metafieldsDelete": """
mutation Write($metafields: [MetafieldIdentifierInput!]!) {
  metafieldsDelete(metafields: $metafields) { userErrors { field message } }
}""",
    "tagsAdd": """
mutation Write($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { userErrors { field message } }
}""",
    "tagsRemove": """
mutation Write($id: ID!, $tags: [String!]!) {
  tagsRemove(id: $id, tags: $tags) { userErrors { field message } }
}""",
}
_MARK: Final = "# nextorder write "


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a job; line n is about the customer of row `rows[n]`."""

    job: str
    kind: str
    number: int
    rows: tuple[int, ...]

    @property
    def mark(self) -> str:
        """A comment that tells this operation from everybody else's, and is found again in its text."""
        return f"{_MARK}{self.job} {self.kind} {self.number}"

    @property
    def name(self) -> str:
        """The same for `clientIdentifier`, of 10 to 255 characters."""
        return f"nextorder-{self.job}-{self.kind}-{self.number}"

    @property
    def mutation(self) -> str:
        """The document that is run for each line."""
        return f"{self.mark}\n{MUTATIONS[self.kind].strip()}\n"


def mark_in(document: str) -> str:
    """Return the mark of an operation's document; empty for one that is not ours."""
    first = document.lstrip().partition("\n")[0].rstrip()
    return first if first.startswith(_MARK) else ""


def pieces_of(job: BulkJob) -> Iterator[Piece]:
    """Yield a job's files in the order in which they are begun; the same each time."""
    for kind in KINDS:
        rows = [number for number, row in enumerate(job.rows) if kind in kinds_of(row)]
        for number, start in enumerate(range(0, len(rows), LINES)):
            yield Piece(job.name, kind, number, tuple(rows[start : start + LINES]))


def kinds_of(row: Handed) -> Sequence[str]:
    """Name the mutations that a customer's change consists of."""
    wanted = {
        "metafieldsSet": row.sets,
        "tagsAdd": bool(row.join),
        "metafieldsDelete": bool(row.unset),
        "tagsRemove": bool(row.leave),
    }
    return [kind for kind in KINDS if wanted[kind]]


def file_of(piece: Piece, job: BulkJob, changes: Sequence[Change]) -> bytes | None:
    """Write a piece's file; None for values that another process knew."""
    if piece.kind == "metafieldsSet" and not changes:
        return None
    lines = (
        _metafields(changes[number]) if piece.kind == "metafieldsSet" else _line(piece.kind, job.rows[number])
        for number in piece.rows
    )
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()


def _line(kind: str, row: Handed) -> dict[str, Any]:
    owner = customer_gid(row.customer)
    if kind == "metafieldsDelete":
        return {"metafields": [{"ownerId": owner, "namespace": NAMESPACE, "key": key} for key in row.unset]}
    return {"id": owner, "tags": row.join if kind == "tagsAdd" else row.leave}


def _metafields(change: Change) -> dict[str, Any]:
    owner = customer_gid(change.person.customer)
    return {
        "metafields": [
            {
                "ownerId": owner,
                "namespace": NAMESPACE,
                "key": key,
                "type": METAFIELDS[key].type,
                "value": projection.as_text(value),
            }
            for key, value in change.set.items()
        ]
    }
