"""Fitting a store's model and freezing its numbers (numpy, pandas, LightGBM); never imported by an online function."""
