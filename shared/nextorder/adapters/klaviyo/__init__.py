"""Klaviyo: show verdicts as profile properties, tell changes of stage as events."""
