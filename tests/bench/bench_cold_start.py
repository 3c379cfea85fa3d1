"""Time until a handler's module is imported, wall and CPU: a fresh process on the built layer, no network."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

from tests.bench.handlers import PLACES
from tests.bench.layers import build_layer
from tests.bench.measuring import say
from tests.local_stack.places import ROOT, client_environment

TIMES = 7
HEAVY = ("numpy", "pandas", "scipy", "sklearn", "joblib", "nextorder.training")
BUDGET_MS = {"publish": 350, "publish_bulk": 350, "forget": 350}
OTHERS_MS = 250
EVERYTHING: Mapping[str, str] = {
    **PLACES,
    "DESTINATION": "klaviyo",
    "CHANGES_QUEUE_URL": "https://example.com/changes",
    "DESTINATION_QUEUE_URLS": "https://example.com/a,https://example.com/b",
    "HUMAN_TOPIC_ARN": "arn:aws:sns:us-east-1:000000000000:topic",
    "SHOPIFY_URL": "",
    "KLAVIYO_URL": "",
}
NOWHERE = "http://127.0.0.1:9"
CODE = """
import json, sys, time
began, cpu_began = time.perf_counter(), time.process_time()
{imports}
took = time.perf_counter() - began, time.process_time() - cpu_began
print(json.dumps([*took, [name for name in {heavy!r} if name in sys.modules]]))
"""


def measure(imports: str, folder: Path, layer: Path) -> tuple[int, int, list[str]]:
    """Return the median ms, wall and CPU, and the heavy modules that came along."""
    environment = {**EVERYTHING, **client_environment(NOWHERE), "PATH": os.environ["PATH"]}
    environment |= {"PYTHONPATH": os.pathsep.join([str(layer / "python"), str(_sdk())])}
    walls, cpus, heavy = [], [], []
    for _ in range(TIMES + 1):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-S", "-c", CODE.format(imports=imports, heavy=HEAVY)],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        wall, cpu, heavy = json.loads(done.stdout)
        walls.append(wall)
        cpus.append(cpu)
    return *(round(1000 * statistics.median(taken[1:])) for taken in (walls, cpus)), heavy


def _sdk() -> Path:
    """Return where boto3 lies; Lambda's runtime ships it, so the layer does not."""
    return Path(str(distribution("boto3").locate_file("")))


def main() -> None:
    """Print one line a handler, and what the libraries alone take."""
    with tempfile.TemporaryDirectory() as folder:
        layer = build_layer(Path(folder), for_this_machine=True)
        libraries = "import boto3, requests, aws_lambda_powertools"
        floor, cpu, _ = measure(libraries, ROOT / "functions", layer)
        say("cold_import.floor", ms=floor, cpu_ms=cpu, of="boto3, requests, Powertools")
        for path in sorted((ROOT / "functions").glob("*/handler.py")):
            name = path.parent.name
            ms, cpu, heavy = measure("import handler", path.parent, layer)
            most = BUDGET_MS.get(name, OTHERS_MS)
            kept = ms <= most and not heavy
            say("cold_import", handler=name, ms=ms, cpu_ms=cpu, budget_ms=most, kept=kept, heavy=heavy)


if __name__ == "__main__":
    main()
