"""HubSpot: show verdicts as properties of contacts."""
