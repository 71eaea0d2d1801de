"""Patterns in concerns: found by timed work, told to whoever carries the contract."""
