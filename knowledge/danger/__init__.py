"""Somebody at risk now: found in what a Member types, however it is said."""

from knowledge.danger.weighing import Danger, danger

__all__ = ["Danger", "danger"]
