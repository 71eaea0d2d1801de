"""Officers keep the timeline: an intention written, changed, withdrawn, taken up again, each with its reason."""
