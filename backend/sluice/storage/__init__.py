"""Rows and files: the database through Tortoise, uploads as content-addressed files."""
