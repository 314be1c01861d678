"""A server for an application on a loopback port, in a thread of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.sandbox.shutdown import Stopping


@contextmanager
def serving(app: ASGIApp, stopping: Stopping) -> Iterator[str]:
    """Serve the application, and yield its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            # The socket listens already, so that a browser that comes too early only waits.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stopping.now()
            server.should_exit = True
            thread.join()
