"""A fake as an HTTP server of its own, which answers at once and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx


class QuietServer(ThreadingHTTPServer):
    """A server that does not report lost connections, which the tests cause on purpose."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Report nothing."""


class QuietHandler(BaseHTTPRequestHandler):
    """A handler that reads a request and writes an answer as httpx objects."""

    protocol_version = "HTTP/1.1"
    # Without this the body of each answer waits 40 ms until its head was acknowledged.
    disable_nagle_algorithm = True

    def as_request(self) -> httpx.Request:
        """Return the request that was received."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = f"http://{self.headers['Host']}{self.path}"
        return httpx.Request(self.command, url, headers=list(self.headers.items()), content=body)

    def write(self, response: httpx.Response) -> None:
        """Send this response."""
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name not in ("content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because the paths contain addresses."""


@contextmanager
def served(server: QuietServer) -> Iterator[str]:
    """Run the server, and yield its address."""
    with server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
