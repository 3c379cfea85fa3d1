"""Segment's HTTP API, which RudderStack takes, too."""
