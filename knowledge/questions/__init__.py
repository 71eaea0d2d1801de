"""What was asked, what people say of the answers, what a person is asked to answer, and what the desk has learnt."""
