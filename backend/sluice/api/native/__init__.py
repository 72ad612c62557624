"""`/api/v1`: what the web page and automation use; errors are problem+json."""
