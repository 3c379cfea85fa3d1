"""
The GraphQL documents that read history: each selection is written once.

What a webhook's body says and we keep is asked for, and no more: no name, address or phone, and an
e-mail address only to tell whose an order of a file is.
"""

from typing import Final

IDS_PER_QUERY: Final = 5
"""Whole orders at once: under 1,000 points even where Shopify prices the selection for every id."""
REFUNDED_PER_QUERY: Final = 15
"""Orders whose refunds are asked for at once, by the same rule."""
CHANGED_PER_PAGE: Final = 100
"""At most 600 points; and all that we lack of a page is asked for in some twenty queries."""
PRODUCTS_PER_PAGE: Final = 50
EMAILS_PER_QUERY: Final = 50
CUSTOMERS_PER_PAGE: Final = 250

_ORDER = """
id name createdAt processedAt updatedAt cancelledAt test currencyCode taxesIncluded dutiesIncluded
sourceName tags customerAcceptsMarketing paymentGatewayNames displayFinancialStatus displayFulfillmentStatus
discountCodes
customerJourneySummary { lastVisit { landingPage referrerUrl } }
purchasingEntity { __typename }
customer { id createdAt updatedAt defaultAddress { countryCodeV2 } }
shippingAddress { countryCodeV2 }
billingAddress { countryCodeV2 }
totalPriceSet { shopMoney { amount } }
totalDiscountsSet { shopMoney { amount } }
totalTipReceivedSet { shopMoney { amount } }
originalTotalDutiesSet { shopMoney { amount } }
currentTotalDutiesSet { shopMoney { amount } }
transactions {
  id kind status test gateway manualPaymentGateway createdAt processedAt
  amountSet { presentmentMoney { amount currencyCode } }
  fees { amount { amount currencyCode } }
}
"""
_LINE = """
id quantity currentQuantity isGiftCard requiresShipping taxable
product { id }
variant { id }
originalUnitPriceSet { shopMoney { amount } }
discountAllocations { allocatedAmountSet { shopMoney { amount } } }
taxLines { priceSet { shopMoney { amount } } }
"""
_SHIPPING_LINE = """
id title code
originalPriceSet { shopMoney { amount } }
discountAllocations { allocatedAmountSet { shopMoney { amount } } }
taxLines { priceSet { shopMoney { amount } } }
"""
_REFUND_LINE = """
quantity restockType lineItem { id }
subtotalSet { shopMoney { amount } }
totalTaxSet { shopMoney { amount } }
"""
_REFUNDS = f"""
refunds {{
  id createdAt processedAt
  totalRefundedSet {{ shopMoney {{ amount currencyCode }} }}
  return {{ id }}
  duties {{ amountSet {{ shopMoney {{ amount }} }} }}
  refundLineItems(first: 50) {{ nodes {{ {_REFUND_LINE} }} pageInfo {{ hasNextPage endCursor }} }}
  refundShippingLines(first: 5) {{
    nodes {{ subtotalAmountSet {{ shopMoney {{ amount }} }} taxAmountSet {{ shopMoney {{ amount }} }} }}
  }}
  orderAdjustments(first: 10) {{ nodes {{ reason amountSet {{ shopMoney {{ amount }} }} }} }}
  transactions(first: 10) {{
    nodes {{ kind status amountSet {{ presentmentMoney {{ amount currencyCode }} }} }}
  }}
}}
"""
_REFUND_STUBS = "refunds { id createdAt totalRefundedSet { shopMoney { amount } } }"

ORDERS: Final = f"""
query Orders($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    ... on Order {{
      {_ORDER}
      lineItems(first: 50) {{ nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }} }}
      shippingLines(first: 5) {{ nodes {{ {_SHIPPING_LINE} }} }}
      {_REFUNDS}
    }}
  }}
}}
"""
"""Whole orders, at most IDS_PER_QUERY."""

REFUNDS: Final = f"query Refunds($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Order {{ id {_REFUNDS} }} }} }}"
"""What bulk operations cannot give: a connection inside a list. At most REFUNDED_PER_QUERY orders."""

MORE_LINES: Final = f"""
query MoreLines($id: ID!, $after: String) {{
  node(id: $id) {{
    ... on Order {{
      lineItems(first: 250, after: $after) {{ nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }} }}
    }}
  }}
}}
"""
MORE_REFUND_LINES: Final = f"""
query MoreRefundLines($id: ID!, $after: String) {{
  node(id: $id) {{
    ... on Refund {{
      refundLineItems(first: 250, after: $after) {{
        nodes {{ {_REFUND_LINE} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
    }}
  }}
}}
"""

CHANGED_ORDERS: Final = """
query ChangedOrders($first: Int!, $after: String, $query: String!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id updatedAt cancelledAt displayFinancialStatus displayFulfillmentStatus
      transactions { id status test }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
"""Which orders changed, CHANGED_PER_PAGE a page; those that we lack are then asked for whole with ORDERS."""

CUSTOMERS_BY_EMAIL: Final = """
query CustomersByEmail($first: Int!, $query: String!) {
  customers(first: $first, query: $query) { nodes { id defaultEmailAddress { emailAddress } } }
}
"""
"""For an order export, which names customers in no other way; at most EMAILS_PER_QUERY at once."""

_CUSTOMER = """
id createdAt updatedAt numberOfOrders
defaultAddress { countryCodeV2 }
defaultEmailAddress { marketingState marketingUpdatedAt }
defaultPhoneNumber { smsMarketingConsent { state updatedAt } }
"""
CHANGED_CUSTOMERS: Final = f"""
query ChangedCustomers($first: Int!, $after: String, $query: String!) {{
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{ {_CUSTOMER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
"""Customers who changed, whole, CHANGED_PER_PAGE a page."""

_VARIANTS = "nodes { id sku inventoryItem { id } } pageInfo { hasNextPage endCursor }"
CHANGED_PRODUCTS: Final = f"""
query ChangedProducts($first: Int!, $after: String, $query: String!) {{
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{
      id title productType updatedAt
      category {{ name }}
      variants(first: 50) {{ {_VARIANTS} }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
"""Products that changed, PRODUCTS_PER_PAGE a page."""
MORE_VARIANTS: Final = f"""
query MoreVariants($id: ID!, $after: String) {{
  node(id: $id) {{ ... on Product {{ variants(first: 250, after: $after) {{ {_VARIANTS} }} }} }}
}}
"""
CHANGED_ITEMS: Final = """
query ChangedItems($first: Int!, $after: String, $query: String!) {
  inventoryItems(first: $first, after: $after, query: $query) {
    nodes { id updatedAt unitCost { amount currencyCode } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
"""
Inventory items that changed, CHANGED_PER_PAGE a page, by id.

The list cannot be sorted by change; one that moves on while pages are read is in the next walk.
"""

RFM_GROUPS: Final = """
query RfmGroups($first: Int!, $after: String) {
  customers(first: $first, after: $after) {
    nodes { id statistics { rfmGroup } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
"""Of everyone, CUSTOMERS_PER_PAGE a page: some 30 points."""

BULK_CUSTOMERS: Final = f"{{ customers {{ edges {{ node {{ {_CUSTOMER} }} }} }} }}"

BULK_PRODUCTS: Final = """
{ products { edges { node {
  id title productType updatedAt
  category { name }
  variants { edges { node { id sku inventoryItem { id updatedAt unitCost { amount currencyCode } } } } }
} } } }
"""


def bulk_orders(search: str) -> str:
    """
    Return the query of a bulk operation over the orders that `search` finds.

    A bulk query takes no variables, no `nodes`, and no connection inside a list; the search's
    own quotes must be single ones: `created_at:>='2026-01-01' created_at:<'2027-01-01'`.
    """
    return f"""
{{ orders(query: "{search}") {{ edges {{ node {{
  {_ORDER}
  {_REFUND_STUBS}
  lineItems {{ edges {{ node {{ {_LINE} }} }} }}
  shippingLines {{ edges {{ node {{ {_SHIPPING_LINE} }} }} }}
}} }} }} }}
"""
