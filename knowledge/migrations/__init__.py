"""The record's history: one module a change, forwards only."""
