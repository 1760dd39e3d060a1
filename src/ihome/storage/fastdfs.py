"""Pictures in FastDFS, by a small client of our own (docs/adr/0010-storage.md says why).

    fastdfs://TRACKER[:22122][,TRACKER[:22122]…]

FastDFS names its files itself: a put answers with a key such as group1/M00/00/00/fwAABGsHI3SAVikjAAST4IAiC5U38.webp.
The other sizes of a picture are its slave files, whose names follow from it: …38-m.webp, …38-s.webp. It lists nothing.

The wire (tracker_proto.h, storage/storage_service.c of FastDFS 6.16): a header of body length, command and status, all
numbers big-endian, names padded with zeros. A tracker gives addresses in 15 bytes or, since 6.11, in 45.
"""

import os
import re
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from ihome.config import ConfigError
from ihome.storage.media import KeepsNoList, NotStored, Storage, StorageDown, Stored, check_key

QUERY_STORE, QUERY_FETCH, QUERY_UPDATE = 101, 102, 103  # Of a tracker: which storage takes, has, may change it?
UPLOAD, DELETE, DOWNLOAD, UPLOAD_SLAVE, FILE_INFO = 11, 12, 14, 21, 22
ANSWER = 100  # The command of every answer.
NOT_THERE, EXISTS = 2, 17  # errno of the server's.
HEADER = struct.Struct("!QBB")
PORT = 22122
WAIT = 15.0  # Seconds for all of a put, get, size or delete.
CONNECT_WAIT, TRACKER_WAIT = 3.0, 5.0  # Of these, for a connection; for a tracker before the next one is asked.
LARGEST = 64 * 2**20  # Bytes of an answer. More is no answer of FastDFS to us.
IDLE = 8  # Open connections kept for each server.

# A name is base64 of 20 bytes, or of 32 in a trunk file, then digits until it is long enough, then a slave's mark.
FILE = re.compile(
    r"(?P<group>[^/]{1,16})/(?P<path>M[0-9A-F]{2}/[0-9A-F]{2}/[0-9A-F]{2}/)(?P<name>[\w-]{27}(?:[\w-]{16})?\d{1,5})"
    r"(?P<mark>-[a-z])?\.(?P<kind>\w{1,5})",
    re.ASCII,
)

Address = tuple[str, int]


def open_fastdfs(url: str, public_url: str = "") -> "FastDFS":
    """Raises ConfigError. Nothing is asked yet."""
    return FastDFS(read_trackers(url), public_url)


def read_trackers(url: str) -> list[Address]:
    """Raises ConfigError."""
    parts = urlsplit(url)
    trackers = [re.fullmatch(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?", one) for one in parts.netloc.split(",")]
    found = [(one[1].strip("[]"), int(one[2] or PORT)) for one in trackers if one]
    if (
        len(found) < len(trackers)
        or parts.path.strip("/")
        or parts.query
        or not all(0 < port < 65536 for _, port in found)
    ):
        raise ConfigError("IHOME_STORAGE_URL: expected fastdfs://TRACKER:22122, several separated by commas")
    return found


class Refused(Exception):
    """The server answered with this errno."""

    def __init__(self, status: int) -> None:
        super().__init__(os.strerror(status))
        self.status = status


class Place(NamedTuple):
    """The storage that a tracker named, and which of its disks is to take an upload."""

    address: Address
    path_index: int


class FastDFS(Storage):
    """A cluster, asked through its trackers. Where a server fails, the trackers are asked for another one."""

    names_files = True

    def __init__(self, trackers: list[Address], public_url: str = "") -> None:
        self._trackers, self._public_url = trackers, public_url
        self._idle: dict[Address, list[socket.socket]] = defaultdict(list)

    def put(self, key: str, content: bytes) -> str:
        """A size of a picture that is here becomes a slave file under this very key, all else a file of a new name."""
        file = FILE.fullmatch(check_key(key))
        with _asking():
            if file and file["mark"]:
                return self._put_slave(file, content)
            return self._put_file(key.rpartition(".")[2], content)

    def _put_file(self, kind: str, content: bytes) -> str:
        def body(place: Place) -> bytes:
            return struct.pack("!BQ6s", place.path_index, len(content), kind.encode()) + content

        return _name(self._at_storage(QUERY_STORE, b"", UPLOAD, body))

    def _put_slave(self, file: re.Match[str], content: bytes) -> str:
        master = f"{file['path']}{file['name']}.{file['kind']}".encode()
        head = struct.pack("!QQ16s6s", len(master), len(content), file["mark"].encode(), file["kind"].encode())
        where = _padded(file["group"]) + master
        try:
            answer = self._at_storage(QUERY_UPDATE, where, UPLOAD_SLAVE, lambda _: head + master + content)
        except Refused as refused:
            if refused.status != EXISTS:
                raise
            self.delete(file[0])
            answer = self._at_storage(QUERY_UPDATE, where, UPLOAD_SLAVE, lambda _: head + master + content)
        return _name(answer)

    def get(self, key: str) -> bytes:
        return self._at_file(QUERY_FETCH, key, DOWNLOAD, bytes(16))  # From byte 0, and 0 bytes: all of it.

    def size(self, key: str) -> int:
        return int.from_bytes(self._at_file(QUERY_FETCH, key, FILE_INFO)[:8], "big")

    def delete(self, key: str) -> None:
        with suppress(NotStored):
            self._at_file(QUERY_UPDATE, key, DELETE)

    def listing(self) -> Iterator[Stored]:
        raise KeepsNoList

    def url(self, key: str) -> str:
        return f"{self._public_url}/{check_key(key)}"

    def close(self) -> None:
        for connections in self._idle.values():
            while connections:
                connections.pop().close()

    def _at_file(self, query: int, key: str, command: int, head: bytes = b"") -> bytes:
        file = FILE.fullmatch(check_key(key))
        if not file:
            raise NotStored(key=key)
        where = _padded(file["group"]) + key.partition("/")[2].encode()
        with _asking(key):
            return self._at_storage(query, where, command, lambda _: head + where)

    def _at_storage(self, query: int, where: bytes, command: int, body: Callable[[Place], bytes]) -> bytes:
        """The answer of a storage that the trackers name. Raises Refused or OSError.

        A storage that has just died is still named for a while, in turn with the others. An upload that broke off may
        be there nevertheless, under a name that nobody will ever know.
        """
        deadline = time.monotonic() + WAIT
        for pause in (0.1, 0.3, 0.9, None):
            place = self._place(query, where, deadline)
            try:
                return self._ask(place.address, command, body(place), deadline)
            except OSError as error:
                if pause is None or time.monotonic() + pause > deadline:
                    raise _of(place.address, error) from None
                time.sleep(pause)
        raise AssertionError

    def _place(self, query: int, where: bytes, deadline: float) -> Place:
        """Raises OSError where no tracker names a storage."""
        failure = OSError()
        for tracker in list(self._trackers):
            try:
                answer = self._ask(tracker, query, where, min(deadline, time.monotonic() + TRACKER_WAIT))
                return _read_place(answer, has_path_index=query == QUERY_STORE)
            except (OSError, Refused) as error:
                self._trackers = [*(one for one in self._trackers if one != tracker), tracker]  # Last, from now on.
                failure = _of(tracker, error)
        raise failure

    def _ask(self, address: Address, command: int, body: bytes, deadline: float) -> bytes:
        """The body of the answer. Raises Refused or OSError."""
        if (connection := self._take_idle(address)) is not None:
            try:
                return self._exchange(address, connection, command, body, deadline)
            except TimeoutError:
                raise
            except OSError:
                pass  # It was closed while it lay idle: once more, on a fresh one.
        connection = socket.create_connection(address, min(CONNECT_WAIT, _left(deadline)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(address, connection, command, body, deadline)

    def _take_idle(self, address: Address) -> socket.socket | None:
        while self._idle[address]:
            with suppress(IndexError):  # Another thread took the last one.
                connection = self._idle[address].pop()
                with suppress(BlockingIOError):  # Nothing to read: it is open.
                    connection.settimeout(0)
                    with suppress(ConnectionError):
                        connection.recv(1, socket.MSG_PEEK)
                    connection.close()
                    continue
                return connection
        return None

    def _exchange(
        self, address: Address, connection: socket.socket, command: int, body: bytes, deadline: float
    ) -> bytes:
        """Ask on this connection, and keep it only after a whole good answer."""
        try:
            connection.settimeout(_left(deadline))
            connection.sendall(HEADER.pack(len(body), command, 0) + body)
            length, kind, status = HEADER.unpack(_read(connection, HEADER.size, deadline))
            if kind != ANSWER or length > LARGEST:
                raise OSError("what it answered is not FastDFS")
            if status:
                raise Refused(status)
            answer = _read(connection, length, deadline)
        except BaseException:
            connection.close()
            raise
        if len(self._idle[address]) < IDLE:
            self._idle[address].append(connection)
        else:
            connection.close()
        return answer


@contextmanager
def _asking(key: str = "") -> Iterator[None]:
    """What goes wrong becomes NotStored, where it may be about this key, or StorageDown."""
    try:
        yield
    except Refused as refused:
        if key and refused.status == NOT_THERE:
            raise NotStored(key=key) from None
        raise StorageDown(f"the storage answered: {refused}") from None
    except OSError as error:
        raise StorageDown(str(error)) from None


def _of(address: Address, error: Exception) -> OSError:
    why = "answered" if isinstance(error, Refused) else "failed"
    return OSError(f"{address[0]}:{address[1]} {why}: {error}")


def _left(deadline: float) -> float:
    """Seconds. Raises TimeoutError."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def _read(connection: socket.socket, length: int, deadline: float) -> bytes:
    """Exactly so many bytes."""
    parts = bytearray()
    while len(parts) < length:
        connection.settimeout(_left(deadline))
        part = connection.recv(min(length - len(parts), 2**18))
        if not part:
            raise ConnectionResetError("it closed the connection in the middle")
        parts += part
    return bytes(parts)


def _padded(group: str) -> bytes:
    return group.encode().ljust(16, b"\0")


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode("ascii", "replace")


def _read_place(answer: bytes, *, has_path_index: bool) -> Place:
    """Group, address in 15 or 45 bytes, port in 8; the index of the disk in 1 where it is an upload's."""
    host_length = len(answer) - 16 - 8 - has_path_index
    if host_length not in (15, 45):
        raise OSError(f"it named a storage in {len(answer)} bytes")
    port = int.from_bytes(answer[16 + host_length :][:8], "big")
    return Place((_text(answer[16 : 16 + host_length]), port), answer[-1] if has_path_index else 0)


def _name(answer: bytes) -> str:
    key = f"{_text(answer[:16])}/{_text(answer[16:])}"
    if not FILE.fullmatch(key):
        raise OSError(f"it named a file {key!r}")
    return key
