"""Writes the OpenAPI document from what the operations declare."""
