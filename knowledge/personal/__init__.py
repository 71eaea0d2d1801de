def personal(text: str) -> tuple[str, ...]:
    return ()
