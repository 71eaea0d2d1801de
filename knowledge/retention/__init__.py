"""Retention: how long what people wrote is kept, and its clearing. Figures (states, dates, contracts, events) stay."""
