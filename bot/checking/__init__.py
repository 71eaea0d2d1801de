"""CHECKING, its other half: whether the settings fit together, and whether Slack and the mail server answer."""
