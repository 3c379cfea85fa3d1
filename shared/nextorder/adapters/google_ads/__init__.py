"""Google's Data Manager API, which takes Customer Match lists in place of the Google Ads API."""
