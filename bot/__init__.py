"""How the desk speaks: Slack, the terminal, commands, settings, and the one wiring."""
