"""What names a person outside the table: answers, webhook bodies, pages, lines of imports, dead letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nextorder.adapters.answers import Answers
from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dead_letters import DeadLetters
from nextorder.adapters.shop_data import keys_under

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FOLDERS: Final = {"bodies": "", "reports": "", "imports": "/rejects/"}
"""Where files lie that may name somebody, and what else their names hold: chunks belong to their import."""


@dataclass(frozen=True, slots=True)
class Traces:
    """The files of a shop and the dead letters of the stack."""

    client: "S3Client"
    bucket: str
    dead: Sequence[DeadLetters]

    def erase(self, shop: str, customers: Sequence[str], orders: Sequence[str]) -> None:
        """
        Delete each file and letter that names one of these; there are few, so all are read.

        A payment or a refund names its order alone.

        Raises:
            RetryLater: Somebody else has letters in hand.
        """
        names = re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, [*customers, *orders]))})(?!\d)".encode())
        for customer in customers:
            Answers(self.client, self.bucket).erase(shop, customer)
        for folder, part in _FOLDERS.items():
            for key in keys_under(self.client, self.bucket, f"{folder}/{shop}/"):
                if part in key and names.search(self._read(key)):
                    self.client.delete_object(Bucket=self.bucket, Key=key)
        for letters in self.dead:
            letters.erase(lambda letter: letter.shop in (shop, "") and names.search(letter.body.encode()))

    def erase_files(self, shop: str) -> None:
        """Delete every such file of a shop; the log of scores names nobody."""
        Answers(self.client, self.bucket).erase(shop)
        for folder in _FOLDERS:
            for key in keys_under(self.client, self.bucket, f"{folder}/{shop}/"):
                self.client.delete_object(Bucket=self.bucket, Key=key)

    def erase_letters(self, shop: str) -> None:
        """Delete every letter of a shop; raises RetryLater as `erase`."""
        for letters in self.dead:
            letters.erase(lambda letter: letter.shop == shop)

    def _read(self, key: str) -> bytes:
        """Read a file; empty where somebody has let go of it since it was listed."""
        return Bodies(lambda: self.client, self.bucket).get(key) or b""
