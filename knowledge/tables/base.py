"""What every table of the record is made with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, DateTime, ForeignKey, Integer, MetaData

metadata = MetaData()


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """A column for a moment, in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def party_number(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """A column for somebody, by their number."""
    return Column(name, Integer, ForeignKey("party.id"), nullable=nullable, primary_key=primary_key)


def concern_number(*, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """A column for a concern, by its number."""
    return Column("concern", Integer, ForeignKey("concern.id"), nullable=nullable, primary_key=primary_key)
