"""Composition roots: environment -> adapters -> use cases; one module a function, to import little."""
