"""ActiveCampaign: show verdicts as custom fields and tags of contacts."""
