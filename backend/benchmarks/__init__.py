"""Measures the server against the machine's limit and against plain FastAPI; `make bench` runs it.

Benchmarks, not tests: what they print depends on the machine and on what else runs there, so only figures of one
interleaved session compare.
"""
