"""Google Analytics 4, by the Measurement Protocol."""
