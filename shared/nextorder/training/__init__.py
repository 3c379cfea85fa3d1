"""Fitting a store's model and freezing its numbers (numpy, scipy); never imported by an online function."""
