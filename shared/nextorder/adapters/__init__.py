"""The outside world: AWS, Shopify, Klaviyo. One folder a destination."""
