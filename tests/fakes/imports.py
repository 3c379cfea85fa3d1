"""An import's surroundings in memory: exports, files, and where it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nextorder.domain.clocks import version_of
from nextorder.domain.errors import RetryLater, VersionConflict
from nextorder.domain.facts import Order, OrderFact, StoredFact
from nextorder.domain.imports import Cut, Export, Extent, ImportRun, Kind, Part, Progress, Reject, Tally
from nextorder.domain.verdict import State
from nextorder.ports import Customers


def one_by_one(work: Callable[[Sequence[str]], None], groups: Iterable[Sequence[str]]) -> None:
    """Do the same for every customer."""
    for customer in (customer for group in groups for customer in group):
        work([customer])


@dataclass
class InMemoryBulk:
    """Many at once, in memory; every write is one of the customers' own."""

    customers: Customers

    def store_all(self, shop: str, facts: Mapping[str, Sequence[StoredFact]]) -> None:
        for customer, own in facts.items():
            self.customers.store_newer(shop, customer, own)

    def own_all(self, shop: str, orders: Sequence[Order]) -> Sequence[Order]:
        contested = []
        for order in orders:
            place = self.customers.place_of_order(shop, order.id)
            is_same = place.customer == order.customer and place.newest <= version_of(order)
            if place.known and not (is_same and not place.former):
                contested.append(order)
            else:
                self.customers.own_order(shop, order.id, order.customer, version=version_of(order), former=())
        return contested

    def waiting(self, shop: str) -> Iterator[OrderFact]:
        parked: Mapping[tuple[str, str], Mapping[str, StoredFact]] = getattr(self.customers, "parked")  # noqa: B009
        for (of, _), facts in list(parked.items()):
            for fact in list(facts.values()):
                if of == shop and isinstance(fact, OrderFact):
                    yield fact

    def save_states(self, shop: str, states: Mapping[str, State]) -> Sequence[str]:
        moved_on = []
        for customer, state in states.items():
            try:
                self.customers.save_state(shop, customer, state, replaces=state.version - 1)
            except VersionConflict:
                moved_on.append(customer)
        return moved_on


@dataclass
class InMemoryImports:
    """Where imports stand, in a dictionary."""

    runs: dict[str, ImportRun] = field(default_factory=dict)

    def load(self, shop: str) -> ImportRun | None:
        return self.runs.get(shop)

    def save(self, shop: str, now: ImportRun, *, replaces: ImportRun | None) -> bool:
        if self.runs.get(shop) != replaces:
            return False
        self.runs[shop] = now
        return True


@dataclass
class InMemoryFiles:
    """One run's files; what is written again is overwritten, as in S3."""

    cuts: dict[str, Cut] = field(default_factory=dict)
    pieces: dict[tuple[Kind, int, str], bytes] = field(default_factory=dict)
    work: dict[int, Sequence[tuple[Kind, int]]] = field(default_factory=dict)
    done: dict[tuple[Kind, int], tuple[int, Sequence[Reject]]] = field(default_factory=dict)
    segments: set[int] = field(default_factory=set)

    def cut(self, part: str) -> Cut:
        return self.cuts.get(part, Cut())

    def save_cut(self, part: str, now: Cut) -> None:
        self.cuts[part] = now

    def add(self, kind: Kind, number: int, piece: str, lines: Iterable[bytes]) -> None:
        self.pieces[kind, number, piece] = b"".join(lines)

    def lines(self, kind: Kind, number: int) -> Iterator[bytes]:
        for (of, at, _), text in sorted(self.pieces.items()):
            if (of, at) == (kind, number):
                yield from text.splitlines()

    def plan(self, phase: int, chunks: Sequence[tuple[Kind, int]]) -> None:
        self.work[phase] = chunks

    def is_done(self, kind: Kind, number: int) -> bool:
        return (kind, number) in self.done

    def close(self, kind: Kind, number: int, taken: int, rejects: Sequence[Reject]) -> None:
        self.done[kind, number] = (taken, rejects)

    def close_segment(self, number: int) -> None:
        self.segments.add(number)

    def tally(self) -> Tally:
        kinds = {kind for kind, _ in self.done}
        per_kind = {kind: [counts for (of, _), counts in self.done.items() if of is kind] for kind in kinds}
        return Tally(
            chunks={kind: len(counts) for kind, counts in per_kind.items()},
            taken={kind: sum(taken for taken, _ in counts) for kind, counts in per_kind.items()},
            refused={kind: sum(len(rejects) for _, rejects in counts) for kind, counts in per_kind.items()},
            segments=len(self.segments),
        )

    def drop_chunks(self) -> None:
        self.pieces.clear()


@dataclass
class Exported:
    """One operation of the platform's."""

    mark: str
    part: Part
    looks: int = 0
    canceled: bool = False


@dataclass
class InMemoryExports:
    """A platform with room for five operations, which are done at the second look."""

    texts: Mapping[Kind, bytes] = field(default_factory=dict)
    """What each kind's first part comes to; the others are empty."""
    orders: int = 0
    failing: list[str] = field(default_factory=list)
    """Parts of which the next operation fails."""
    breaks_at: list[int] = field(default_factory=list)
    """Bytes of a download at which the connection ends, once each."""
    operations: dict[str, Exported] = field(default_factory=dict)
    begun: int = 0

    def extent(self, shop: str) -> Extent:
        return Extent(orders=self.orders, first=None)

    def own(self, shop: str, run: str) -> Mapping[str, str]:
        return {one.mark: id_ for id_, one in self.operations.items() if one.mark.startswith(f"{run} ")}

    def cancel_others(self, shop: str, run: str) -> int:
        others = [one for one in self.operations.values() if not one.mark.startswith(f"{run} ")]
        for one in others:
            one.canceled = True
        return len(others)

    def mark(self, run: str, part: Part) -> str:
        return f"{run} {part.name} {part.attempt}"

    def begin(self, shop: str, run: str, part: Part) -> str | None:
        if sum(one.looks < 2 and not one.canceled for one in self.operations.values()) >= 5:
            return None
        self.begun += 1
        self.operations[str(self.begun)] = Exported(self.mark(run, part), part)
        return str(self.begun)

    def look(self, shop: str, operation: str) -> Export:
        one = self.operations[operation]
        one.looks += 1
        if one.part.name in self.failing:
            self.failing.remove(one.part.name)
            return Export(progress=Progress.FAILED, why="timeout")
        text = self._text(one.part)
        roots = sum(b"__parentId" not in line for line in text.splitlines())
        progress = Progress.READY if one.looks >= 2 else Progress.UNDER_WAY
        return Export(progress=progress, roots=roots, is_empty=not text)

    def lines(self, shop: str, operation: str, offset: int) -> Iterator[tuple[bytes, int]]:
        at = offset
        for line in self._text(self.operations[operation].part)[offset:].splitlines(keepends=True):
            if self.breaks_at and at >= self.breaks_at[0]:
                del self.breaks_at[0]
                raise RetryLater("the connection ended")
            at += len(line)
            yield line, at

    def _text(self, part: Part) -> bytes:
        return self.texts.get(part.kind, b"") if part.since is None else b""
