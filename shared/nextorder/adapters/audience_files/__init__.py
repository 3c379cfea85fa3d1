"""Audiences as files: for ad platforms with hashes, for spreadsheets in plain words."""
