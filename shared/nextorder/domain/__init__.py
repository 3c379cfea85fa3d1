"""Pure rules: facts, the profit ledger, features, segments. No I/O, no clock, no chance."""
