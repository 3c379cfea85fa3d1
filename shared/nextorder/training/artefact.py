"""A fitted estimator on disk: what training keeps, what runs online, and the card that vouches for both."""

import json
import platform
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import joblib

from nextorder.scoring.model import canonical

MODEL, RUNTIME, CARD = "model.joblib", "runtime.json", "card.json"
LIBRARIES = ("joblib", "lightgbm", "numpy", "pandas", "scikit-learn", "scipy")


def write(folder: Path, estimator: Any, document: dict[str, Any], facts: dict[str, Any]) -> None:
    """Write the three files; `facts` go on the card beside versions and hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    pickled = BytesIO()
    joblib.dump(estimator, pickled, compress=3)
    runtime = canonical(document) + b"\n"
    card = facts | {
        "name": document["name"],
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "sha256": sha256(runtime).hexdigest(),
        "sha256_of_model": sha256(pickled.getvalue()).hexdigest(),
    }
    (folder / MODEL).write_bytes(pickled.getvalue())
    (folder / RUNTIME).write_bytes(runtime)
    (folder / CARD).write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read(folder: Path) -> Any:
    """
    Return the estimator, unpickled only after its hash was found on the card.

    Raises:
        ValueError: The file is not the one the card describes.
    """
    pickled = (folder / MODEL).read_bytes()
    expected = json.loads((folder / CARD).read_bytes()).get("sha256_of_model")
    found = sha256(pickled).hexdigest()
    if found != expected:
        raise ValueError(f"{MODEL} has sha256 {found}, its card says {expected}")
    return joblib.load(BytesIO(pickled))
