"""Shopify: read its deliveries, show verdicts as tags and metafields."""
