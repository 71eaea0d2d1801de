"""gunicorn's worker as the desk has it, less patient, so that tests need not wait."""

from __future__ import annotations

from bot.patience import PatientSocket
from bot.serving import PatientWorker


class QuickSocket(PatientSocket):
    """A connection that is given up after a second."""

    patience = 1.0


class QuickWorker(PatientWorker):
    """The desk's worker with such connections."""

    socket_type = QuickSocket
