"""Concerns: what a Member raised, who has it, how it stands, and what has happened to it."""
