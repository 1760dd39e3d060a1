"""A load generator: keep-alive connections on one epoll loop, bounded in time. It needs about 15 µs a request."""

import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int], bytes]


@dataclass
class Outcome:
    """What a burst did. `bodies` are kept only where asked for."""

    requests: int = 0
    errors: int = 0
    seconds: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


def burst(port: int, request: Request, *, seconds: float, connections: int = 16, keep: bool = False) -> Outcome:
    """Send what `request(connection)` makes, one at a time on each connection, for so many seconds."""
    outcome = Outcome()
    selector = selectors.DefaultSelector()
    waiting: dict[socket.socket, tuple[int, bytearray]] = {}
    for number in range(connections):
        opened = socket.create_connection(("127.0.0.1", port), timeout=30)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(opened, selectors.EVENT_READ)
        waiting[opened] = (number, bytearray())
        opened.sendall(request(number))
    begun = time.perf_counter()
    end = begun + seconds
    while waiting:
        for key, _ in selector.select(timeout=30):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            number, received = waiting[connection]
            received += connection.recv(262144)
            body = _body(received)
            if body is None:
                continue
            outcome.requests += 1
            outcome.errors += not received.startswith(b"HTTP/1.1 200")
            if keep:
                outcome.bodies.append(bytes(body))
            received.clear()
            if time.perf_counter() < end:
                connection.sendall(request(number))
            else:
                selector.unregister(connection)
                connection.close()
                del waiting[connection]
    outcome.seconds = time.perf_counter() - begun
    return outcome


def _body(received: bytearray) -> bytearray | None:
    """The body once it is whole."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    mark = received.lower().find(b"content-length:", 0, head)
    length = int(received[mark + 15 : received.find(b"\r\n", mark)])
    body = received[head + 4 :]
    return body if len(body) >= length else None


def get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, headers: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def median(values: list[float]) -> float:
    return statistics.median(values)
