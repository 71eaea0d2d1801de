"""Clients of feeds of notices: what is asked of other people's servers, and how patiently."""
