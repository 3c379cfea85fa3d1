"""A calendar file as a merchant writes it."""

CALENDAR = """\
[[days]]
name = "Christmas"
first = 2026-12-24
last = 2026-12-26
closed = true

[[days]]
name = "Black Friday"
first = 2026-11-27
factor = 2.5
"""
