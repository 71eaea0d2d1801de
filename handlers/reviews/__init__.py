"""Scheduled reviews of contracts: reminded of, recorded, asked about."""
