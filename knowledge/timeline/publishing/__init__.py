"""The timeline going out, for other programs: a table, OCDS releases, a feed of changes, a calendar."""
