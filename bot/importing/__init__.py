"""A file from a page: read, tried and taken in by a process of its own, bounded in time and memory, so that a file made
to harm, or a long one, holds up no page."""
