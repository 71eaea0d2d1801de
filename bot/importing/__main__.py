"""The process itself: python -m bot.importing ID."""

from __future__ import annotations

import signal
import sys

from bot.importing.doing import Doer
from bot.logs import keep_quiet, set_up_logs
from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.desk import utc_now
from knowledge.takings.staging import Staging


def _bound(memory: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass


def main(id: str) -> int:
    """Does one job. 0 where it came to an end, a good one or a bad one."""
    keep_quiet()
    wiring = Wiring(load_settings())
    set_up_logs(wiring.settings.log_level)
    staging = Staging(wiring.settings.home)
    job = staging.read(id, utc_now())
    if job is None:
        return 1
    wiring.store.version()  # connected before the limit: what is half loaded seems to be missing
    _bound(wiring.settings.max_read_memory)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # a reader that hangs is ended by the system, whatever it does
    Doer(wiring, staging).do(job)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
