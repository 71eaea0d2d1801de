"""The person behind the desk: what was asked, what people say of the answers, and what officers add to them."""
