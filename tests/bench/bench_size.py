"""Unzipped size of the online layer with the largest function, and of the layers that stand beside it."""

import tempfile
from pathlib import Path

from tests.bench.layers import build_layer, size
from tests.bench.measuring import say
from tests.local_stack.places import ROOT

MEBIBYTE = 2**20
BUDGET_MIB = 15
HEAVY_BUDGET_MIB = 240


def main() -> None:
    """Print one line a build: for AWS, and for this machine with .pyc files."""
    function = max(size(path.parent) for path in (ROOT / "functions").glob("*/handler.py"))
    for target, is_here in {"aws": False, "this machine": True}.items():
        with tempfile.TemporaryDirectory() as folder:
            layer = build_layer(Path(folder), for_this_machine=is_here)
            mib = round((size(layer) + function) / MEBIBYTE, 2)
            parts = {path.name: size(path) for path in (layer / "python").iterdir() if path.is_dir()}
            largest = sorted(parts, key=parts.__getitem__, reverse=True)[:6]
            compiled = sum(path.stat().st_size for path in layer.rglob("*.pyc"))
        say(
            "online_layer.size",
            target=target,
            mib=mib,
            budget_mib=BUDGET_MIB,
            kept=mib <= BUDGET_MIB,
            largest_mib={name: round(parts[name] / MEBIBYTE, 2) for name in largest},
            pyc_mib=round(compiled / MEBIBYTE, 2),
        )
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in ("TrainingLayer", "ReportLayer", "RuntimeLayer")}
        sizes = {
            name: round(size(build_layer(place, for_this_machine=False, name=name)) / MEBIBYTE, 1)
            for name, place in places.items()
        }
    say("heavy_layers.size", mib=sizes, budget_mib_of_two=HEAVY_BUDGET_MIB)


if __name__ == "__main__":
    main()
