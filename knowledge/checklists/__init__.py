"""Checklists: the lists of the papers that somebody can work through, and the working lists people have open."""
