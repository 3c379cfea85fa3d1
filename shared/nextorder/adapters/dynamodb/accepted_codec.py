"""What a destination accepted, as text: packed, so that the fullest item is one write unit and not two."""

import json
import zlib
from base64 import b85decode, b85encode
from hashlib import sha256
from typing import Final

from nextorder.adapters.document import from_plain, to_plain
from nextorder.domain.changes import Accepted

_REMEMBERED: Final = ("remote_id", "version", "absorbed")
_DIGEST_LENGTH: Final = 12


def encode(accepted: Accepted) -> str:
    """Write what was accepted as JSON, compressed: three dozen properties of much the same name."""
    return b85encode(zlib.compress(_plain(accepted))).decode()


def digest(accepted: Accepted) -> str:
    """Name what was accepted; another release of zlib may pack the same into other bytes."""
    return sha256(_plain(accepted)).hexdigest()[:_DIGEST_LENGTH]


def decode(text: str) -> Accepted:
    """Read it back; of a record from before it was packed enough to say everything afresh."""
    if text.startswith("{"):
        held = json.loads(text)
        return Accepted(unsure=True, **{name: held[name] for name in _REMEMBERED if name in held})
    accepted: Accepted = from_plain(Accepted, json.loads(zlib.decompress(b85decode(text))))
    return accepted


def _plain(accepted: Accepted) -> bytes:
    document = to_plain(accepted)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()
