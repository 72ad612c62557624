"""Backs up everything that a server keeps into one file, and restores it: rows of either database, and files."""
