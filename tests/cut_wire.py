"""A wire to a server, that can be cut where it matters: a proxy on loopback, in threads."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url


class Wire:
    """Passes bytes on, until `word` comes by from the client: the server gets it, its answer is lost with the line."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.word: bytes | None = None
        self.cuts = 0
        self.open: list[socket.socket] = [self.listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_once_at(self, word: bytes) -> None:
        self.word = word

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                server = socket.create_connection(self.target)
                self.open += [client, server]
                is_cut = threading.Event()
                threading.Thread(target=self._pass, args=(client, server, is_cut, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, is_cut, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_cut: threading.Event, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if from_client and self.word and self.word in data:
                    self.word, self.cuts = None, self.cuts + 1
                    is_cut.set()
                if not from_client and is_cut.is_set():
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in self.open:
            end.close()


@contextmanager
def wire_to(url: str) -> Iterator[tuple[Wire, str]]:
    """The wire to this database, and the URL that goes through it."""
    address = make_url(url)
    made = Wire(str(address.host), int(address.port or 0))
    try:
        yield made, address.set(port=made.port).render_as_string(hide_password=False)
    finally:
        made.close()
