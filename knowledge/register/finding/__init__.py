"""The contract a message is about: clues.py what it says, scoring.py which contracts fit, routing.py what follows."""
