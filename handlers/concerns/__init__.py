"""CONCERN, its second half: raised, carried by somebody with a name, answered by the provider, put right."""
