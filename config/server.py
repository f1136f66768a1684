"""The web server: ``python -m config.server``.

Two processes of four threads for each core by default: the kernel deals connections out without looking who is free, and more processes
than cores even that out. What waits beyond the backpressure stays in the socket's
queue, so that a rush makes people wait and does not exhaust the database.
"""

import logging
import os
import signal
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import companion, env


class Server(Granian):  # type: ignore[misc,valid-type]  # granian picks its class by platform, at run time
    """Granian, stopped once: a second signal inside the first one's handler would lock it up."""

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Starts an orderly stop; the same wish said twice changes nothing."""
        if not self.interrupt_signal:
            super().signal_handler_interrupt(*args, **kwargs)


def serve() -> None:
    """Serves until told to stop."""
    # Ctrl-C reaches the workers too, and the server then tells them once more: two signals at once
    # lock a worker up until it is killed. The server's word is enough for them.
    os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    logging.getLogger("_granian").addFilter(lambda record: "than the amount of CPU cores" not in record.getMessage())  # meant so
    server = Server(
        "config.wsgi:application",
        address=env.text("ZHIHENG_HOST", "127.0.0.1"),
        port=env.number("ZHIHENG_PORT", 8000),
        interface=Interfaces.WSGI,
        websockets=False,
        workers=env.number("ZHIHENG_WORKERS", min(2 * (os.cpu_count() or 1), 16)),
        blocking_threads=env.number("ZHIHENG_THREADS", 4),
        backpressure=env.number("ZHIHENG_BACKPRESSURE", 64),
        workers_kill_timeout=5,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    if env.flag("ZHIHENG_WORKER", default=True):  # on several machines it may run elsewhere: manage.py worker
        _with_companion(server)
    server.serve()


def _with_companion(server: Server) -> None:
    """The worker that sends mail starts and ends with the server."""
    running = []
    server.on_startup(lambda: running.append(companion.start()))
    server.on_shutdown(lambda: companion.stop(running.pop()))


if __name__ == "__main__":
    serve()
