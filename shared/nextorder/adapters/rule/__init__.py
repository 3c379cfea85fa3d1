"""Rule (rule.io): tags and fields of subscribers."""
