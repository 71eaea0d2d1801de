"""One module a group of commands. This table is what `desk --help` lists, in this order."""

MODULES = {
    "ask": "asking",
    "chat": "asking",
    "index": "documents",
    "documents": "documents",
    "people": "people",
    "register": "register",
    "timeline": "timeline",
    "subscribe": "subscribing",
    "subscriptions": "subscriptions",
    "places": "places",
    "route": "routing",
    "concern": "concerns",
    "providers": "providers",
    "endpoints": "endpoints",
    "check": "checking",
    "serve": "serving",
    "slack": "serving",
    "work": "working",
    "notifications": "working",
    "assurance": "assuring",
    "demo": "serving",
    "migrate": "administration",
    "settings": "administration",
}
"""Command -> module in this folder."""
