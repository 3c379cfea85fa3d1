"""The merchant's page: what everyone did and will do, as tables, pictures and sentences; never online."""
