"""Shopify and Klaviyo as HTTP servers of our own that refuse what the real ones refuse."""
