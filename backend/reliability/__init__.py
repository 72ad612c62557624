"""Runs pipelines that do all the harm they can beside good ones, and judges what it costs these; `make reliability`.

The short form of it is a test, `tests/integration/test_chaos.py`.
"""
