"""Nextorder: when each customer will probably buy next, and what they are worth in profit."""
