"""The one table: facts, states, what destinations accepted, shops."""
