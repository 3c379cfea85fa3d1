"""Two pictures a horizon and set: calibration and lift by decile, ours beside two peers."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from tests.bench.model.models import HAZARD, OURS
from tests.bench.model.protocol import FULL, HORIZONS
from tests.bench.model.summary import Results

mpl.use("Agg")
# fixed ids: the same run writes the same bytes
mpl.rcParams.update(
    {"svg.hashsalt": "nextorder", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False}
)
from matplotlib import pyplot as plt  # noqa: E402 - after the choice of backend

SHOWN = (OURS, "MBG/NBD", HAZARD)
COLOURS = ("#0b6e4f", "#c8553d", "#6b7a8f")
SIZE_INCHES = 2.4


def draw(results: Results, folder: Path) -> list[Path]:
    """Write calibration and lift as SVG and PNG; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    return [*_write(results, folder, "calibration"), *_write(results, folder, "lift")]


def _write(results: Results, folder: Path, kind: str) -> Iterator[Path]:
    sets = sorted({cell.store for cell, _ in results})
    size = (SIZE_INCHES * len(HORIZONS), SIZE_INCHES * len(sets))
    figure, axes = plt.subplots(len(sets), len(HORIZONS), figsize=size, squeeze=False)
    for row, name in zip(axes, sets, strict=True):
        for axis, days in zip(row, HORIZONS, strict=True):
            curves = {model: _curve(results, name, model, f"{days:g}") for model in SHOWN}
            if not any(map(len, curves.values())):
                axis.set_axis_off()
                continue
            axis.set_title(f"{name}, {days:g} d")
            (_calibration if kind == "calibration" else _lift)(axis, curves)
    figure.legend(*axes[0][2].get_legend_handles_labels(), loc="lower right", frameon=False)
    figure.tight_layout()
    for ending in ("svg", "png"):
        path = folder / f"{kind}.{ending}"
        figure.savefig(path, dpi=110, metadata={"Date": None} if ending == "svg" else None)
        yield path
    plt.close(figure)


def _curve(results: Results, name: str, model: str, days: str) -> list[tuple[float, float]]:
    """Return mean chance and true rate of each tenth, over the cut-offs of the full history."""
    sums: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for cell, verdicts in results:
        if cell.store == name and cell.setting == FULL:
            for tenth, point in enumerate(verdicts[model].calibration.get(days, ())):
                sums[tenth].append(point)
    return [
        (
            float(np.average([said for _, said, _ in points], weights=[n for n, _, _ in points])),
            float(np.average([true for _, _, true in points], weights=[n for n, _, _ in points])),
        )
        for _, points in sorted(sums.items())
    ]


def _calibration(axis: Axes, curves: dict[str, list[tuple[float, float]]]) -> None:
    most = max(max(point) for curve in curves.values() for point in curve) * 1.05
    axis.plot([0, most], [0, most], color="#bbbbbb", linewidth=0.8)
    for colour, (model, curve) in zip(COLOURS, curves.items(), strict=True):
        said, true = zip(*curve, strict=True)
        axis.plot(said, true, marker="o", markersize=2.5, linewidth=1, color=colour, label=model)
    axis.set_xlabel("expected share")
    axis.set_ylabel("share that ordered")


def _lift(axis: Axes, curves: dict[str, list[tuple[float, float]]]) -> None:
    for colour, (model, curve) in zip(COLOURS, curves.items(), strict=True):
        rates = np.array([true for _, true in reversed(curve)])
        tenths = np.arange(1, len(rates) + 1)
        axis.plot(
            tenths, rates / rates.mean(), marker="o", markersize=2.5, linewidth=1, color=colour, label=model
        )
    axis.axhline(1.0, color="#bbbbbb", linewidth=0.8)
    axis.set_xlabel("tenth by forecast, best first")
    axis.set_ylabel("orders over the average")
