"""The `nextorder` command; heavy things are imported only inside a command."""
