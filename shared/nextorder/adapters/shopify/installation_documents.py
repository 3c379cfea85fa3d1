"""The documents by which we look after what stands in the shop."""

STANDING = """
query Standing($segments: [ID!]!) {
  currentAppInstallation { accessScopes { handle } }
  webhookSubscriptions(first: 250) {
    nodes { id topic uri name includeFields }
  }
  metafieldDefinitions(first: 50, ownerType: CUSTOMER, namespace: "nextorder") {
    nodes { id key name type { name } capabilities { adminFilterable { enabled } } }
  }
  nodes(ids: $segments) { ... on Segment { id query } }
}
"""

SEGMENTS = """
query Segments($after: String) {
  segments(first: 250, after: $after) {
    nodes { id name query }
    pageInfo { hasNextPage endCursor }
  }
}
"""

SUBSCRIBE = """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    userErrors { field message }
  }
}
"""

RESUBSCRIBE = """
mutation Resubscribe($id: ID!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) {
    userErrors { field message }
  }
}
"""

UNSUBSCRIBE = """
mutation Unsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) { userErrors { field message } }
}
"""

DEFINE = """
mutation Define($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { field message code } }
}
"""

REDEFINE = """
mutation Redefine($definition: MetafieldDefinitionUpdateInput!) {
  metafieldDefinitionUpdate(definition: $definition) { userErrors { field message code } }
}
"""

UNDEFINE = """
mutation Undefine($id: ID!) {
  metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: true) {
    userErrors { field message code }
  }
}
"""

MAKE_SEGMENT = """
mutation MakeSegment($name: String!, $query: String!) {
  segmentCreate(name: $name, query: $query) { segment { id name } userErrors { field message } }
}
"""

MEND_SEGMENT = """
mutation MendSegment($id: ID!, $query: String!) {
  segmentUpdate(id: $id, query: $query) { userErrors { field message } }
}
"""

DROP_SEGMENT = """
mutation DropSegment($id: ID!) {
  segmentDelete(id: $id) { userErrors { field message } }
}
"""
