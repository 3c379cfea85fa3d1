"""Mailchimp: show verdicts as merge fields and tags of an audience's members."""
