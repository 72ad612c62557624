"""Shows by figures what Sluice promises under harm, load and bad input: `make reliability`, a module for each row.

Short forms of some are tests, such as `tests/integration/test_chaos.py`.
"""
