"""A register as councils publish it, read: file.py is the way in."""
