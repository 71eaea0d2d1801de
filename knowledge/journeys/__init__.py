"""The five journeys, and what the words of a message say of which one it is for."""

from knowledge.journeys.weighing import Journey, Said, last_sentence, weigh

__all__ = ["Journey", "Said", "last_sentence", "weigh"]
