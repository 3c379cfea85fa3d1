"""The grammar of segment queries, version 2026-10, with Shopify's recorded words for what is wrong."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<sign>>=|<=|!=|[=<>(),])|(?P<word>[^\s=<>!(),'"]+)|(?P<other>.))"""
)
FILTERS = frozenset(
    """
    abandoned_checkout_date amount_spent companies created_by_app_id customer_account_status
    customer_added_date customer_cities customer_countries customer_email_domain customer_language
    customer_regions customer_tags email_subscription_status first_order_date last_order_date
    number_of_orders predicted_spend_tier product_subscription_status rfm_group sms_subscription_status
    """.split()  # noqa: SIM905 - one a line would be a screen of its own
)
FUNCTIONS = frozenset(
    {
        "anniversary",
        "orders_placed",
        "products_purchased",
        "shopify_email.opened",
        "storefront.product_viewed",
    }
)
COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign or a quoted text, and where it begins, counted from 0."""

    text: str
    line: int
    column: int
    is_value: bool

    def says(self, word: str) -> bool:
        """Tell whether it is this keyword, in whatever case."""
        return self.text.upper() == word


class Unexpected(Exception):
    """The query ends here."""


@dataclass
class Reader:
    """Reads one query; `problems` are Shopify's words, what breaks the syntax first."""

    tokens: list[Token]
    metafields: Collection[str]
    at: int = 0
    unexpected: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """All that is wrong."""
        return self.unexpected + self.unknown

    def read(self) -> None:
        """Read it whole, to the first token that cannot stand where it stands."""
        try:
            self._either()
            if self.at < len(self.tokens):
                raise self._stop()
        except Unexpected:
            return

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, *words: str) -> bool:
        token = self._peek()
        if token is None or not any(token.says(word) for word in words):
            return False
        self.at += 1
        return True

    def _stop(self) -> Unexpected:
        token = self._peek() or Token("", 1, 0, is_value=False)
        self.unexpected.append(f"Line {token.line} Column {token.column}: '{token.text}' is unexpected.")
        return Unexpected()

    def _demand(self, *words: str) -> None:
        if not self._take(*words):
            raise self._stop()

    def _either(self) -> None:
        self._both()
        while self._take("OR"):
            self._both()

    def _both(self) -> None:
        self._clause()
        while self._take("AND"):
            self._clause()

    def _clause(self) -> None:
        self._take("NOT")
        if self._take("("):
            self._either()
            self._demand(")")
            return
        self._named()
        self._condition()

    def _named(self) -> None:
        token = self._peek()
        if token is None or token.is_value or not re.match(r"[A-Za-z]", token.text):
            raise self._stop()
        self.at += 1
        is_function = token.text in FUNCTIONS
        if not is_function and token.text not in FILTERS and token.text not in self.metafields:
            self.unknown.append(
                f"Line {token.line} Column {token.column}: '{token.text}' filter cannot be found."
            )

    def _condition(self) -> None:
        if self._take("IS"):
            self._take("NOT")
            return self._demand("NULL")
        if self._take("NOT"):
            self._demand("CONTAINS")
            return self._value()
        if self._take("BETWEEN"):
            self._value()
            self._demand("AND")
            return self._value()
        if self._take("MATCHES"):
            return self._parameters()
        self._demand("CONTAINS", *COMPARISONS)
        return self._value()

    def _value(self) -> None:
        token = self._peek()
        if token is None or token.text in {"(", ")", ",", *COMPARISONS}:
            raise self._stop()
        self.at += 1

    def _parameters(self) -> None:
        self._demand("(")
        depth = 1
        while depth:
            if self._peek() is None:
                raise self._stop()
            depth += self.tokens[self.at].text == "("
            depth -= self.tokens[self.at].text == ")"
            self.at += 1


def _tokens(query: str) -> Iterator[Token]:
    for number, line in enumerate(query.split("\n"), start=1):
        for found in TOKEN.finditer(line.rstrip()):
            kind = str(found.lastgroup)
            yield Token(found[kind], number, found.start(kind), is_value=kind == "text")


def problems(query: str, metafields: Collection[str]) -> list[str]:
    """
    Return what Shopify finds wrong; `metafields` are the defined ones, `metafields.ns.key`.

    >>> problems("customer_tags CONTAINS 'x' AND number_of_orders >= 2", ())
    []
    >>> problems("country = 'CA'", ())
    ["Line 1 Column 0: 'country' filter cannot be found."]
    """
    reader = Reader(list(_tokens(query)), metafields)
    reader.read()
    return reader.problems
