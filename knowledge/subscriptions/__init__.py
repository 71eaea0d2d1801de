"""Who wants to hear of what, and how everybody who does is told, equally and once."""
