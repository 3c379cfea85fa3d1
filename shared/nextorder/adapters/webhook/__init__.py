"""A signed webhook, for anything that has an address."""
