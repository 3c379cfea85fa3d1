"""What train_models and `nextorder train` need; the arithmetic is handed in, nothing here imports it."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.dynamodb.model_records import DynamoModelRecords
from nextorder.adapters.model_files import ModelFiles
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import mail, update
from nextorder.domain.model_card import ModelCard
from nextorder.domain.withholding import taken_in_words
from nextorder.use_cases.train import School, Trainer
from nextorder.use_cases.update_customer import Judge


def school(trainer: Callable[[], Trainer], tell: Callable[[str, ModelCard], None] | None = None) -> School:
    """Return what a training reads, writes and tells; the merchant is told by mail, unless by `tell`."""
    table = env.variable("TABLE_NAME")
    return School(
        trainer=trainer,
        census=DynamoCensus(env.dynamodb(), table),
        judge=Judge(customers=update.customers(), shops=update.shops(), forgotten=_NobodyIsWritten()),
        records=records(),
        artefacts=files(),
        packaged=update.packaged,
        tell=tell or _tell,
    )


def records() -> DynamoModelRecords:
    """Return what is kept of trainings."""
    return DynamoModelRecords(env.dynamodb(), env.variable("TABLE_NAME"))


def files() -> ModelFiles:
    """Return where fitted models lie."""
    return ModelFiles(env.s3(), env.variable("BUCKET_NAME"))


def train_each(shops: Sequence[str]) -> None:
    """Let each shop have an invocation of this function to itself; nobody waits for it."""
    for shop in shops:
        env.functions().invoke(
            FunctionName=env.variable("AWS_LAMBDA_FUNCTION_NAME"),
            InvocationType="Event",
            Payload=json.dumps({"shop": shop}).encode(),
        )


class _NobodyIsWritten:
    """ports.Forgotten of one who only looks, without the secret that ids are hashed with."""

    def contains(self, shop: str, customer: str) -> bool:  # noqa: ARG002  # the port's
        """Say yes: of whoever is forgotten nothing is written."""
        return True

    def among(self, shop: str, customers: Collection[str]) -> Collection[str]:  # noqa: ARG002  # the port's
        """Say it of all."""
        return customers

    def mark(self, shop: str, customer: str, at: datetime) -> None:  # noqa: ARG002  # the port's
        """Refuse: a training forgets nobody."""
        raise TypeError("a training forgets nobody")


def _tell(shop: str, card: ModelCard) -> None:
    losses = "".join(f"{line[0].upper()}{line[1:]}. " for line in taken_in_words(card.taken))
    message = (
        f"A better model for {shop} would show {card.changed_share or 0:.0%} of the customers in other "
        f"segments. {losses}"
        "`nextorder model show` says why; `nextorder model accept` puts it in force, "
        "`nextorder model reject` keeps things as they are. Until then nothing changes."
    )
    mail.tell_of(shop, "a new model waits for you", message)
