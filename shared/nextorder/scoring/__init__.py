"""The model's arithmetic at inference: plain Python, no numpy, no other part of this package."""
