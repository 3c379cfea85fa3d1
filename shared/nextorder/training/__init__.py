"""Fitting a store's model and freezing its numbers; heavy, and never imported by an online function."""
