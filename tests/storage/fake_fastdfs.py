"""A FastDFS cluster on loopback: trackers and storages of one group that speak the wire as FastDFS 6.16.1 does.

What it answers was compared with the real servers; what it does not know it refuses with EINVAL, as they do. It keeps
files in memory, and has the ways to fail that the tests need.
"""

import base64
import itertools
import os
import socket
import struct
import threading
import time
import zlib
from contextlib import suppress

HEADER = struct.Struct("!QBB")
GROUP = b"group1".ljust(16, b"\0")
ENOENT, EEXIST, EINVAL = 2, 17, 22


class Server:
    """Accepts on a free port; one thread for each connection."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self.connections = []
        self.accepted = 0
        self.commands = []
        self.is_stalled = False
        self.dies_in_answer = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.accepted += 1
                self.connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with suppress(OSError), connection:
            while header := _read(connection, HEADER.size):
                length, command, status = HEADER.unpack(header)
                body = _read(connection, length)
                self.commands.append(command)
                while self.is_stalled:
                    time.sleep(0.01)
                answer = self.answer(command, body) if status == 0 else EINVAL
                status, answer = (answer, b"") if isinstance(answer, int) else (0, answer)
                if self.dies_in_answer:
                    connection.sendall(HEADER.pack(len(answer), 100, status) + answer[: len(answer) // 2])
                    return
                connection.sendall(HEADER.pack(len(answer), 100, status) + answer)

    def drop_connections(self):
        """As a server does with those that lay idle too long."""
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    def kill(self):
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()


class StorageServer(Server):
    """One disk, whose files all storages of the group have."""

    def __init__(self, files):
        super().__init__()
        self.files = files
        self.is_full = False

    def answer(self, command, body):
        match command:
            case 11:
                index, size, kind = struct.unpack("!BQ6s", body[:15])
                if index != 0 or size != len(body) - 15:
                    return EINVAL
                return 28 if self.is_full else self._keep(_new_name(body[15:], kind), body[15:])
            case 21:
                master_length, size, mark, kind = struct.unpack("!QQ16s6s", body[:38])
                master, content = body[38 : 38 + master_length], body[38 + master_length :]
                if size != len(content):
                    return EINVAL
                if master not in self.files:
                    return ENOENT
                name = master.rpartition(b".")[0] + mark.rstrip(b"\0") + b"." + kind.rstrip(b"\0")
                if name in self.files:
                    return EEXIST
                return 28 if self.is_full else self._keep(name, content)
            case 12:
                name = _name(body)
                return b"" if name and self.files.pop(name, None) is not None else ENOENT
            case 14:
                start, length = struct.unpack("!QQ", body[:16])
                content = self.files.get(_name(body[16:]))
                return ENOENT if content is None else content[start : start + length if length else None]
            case 22:
                content = self.files.get(_name(body))
                if content is None:
                    return ENOENT
                return struct.pack("!QQQ16s", len(content), int(time.time()), zlib.crc32(content), b"127.0.0.1")
            case 111:
                return b""
        return EINVAL

    def _keep(self, name, content):
        self.files[name] = content
        return GROUP + name


class Tracker(Server):
    """Names the storages in turn. It notices a dead one only after `blind_for` questions."""

    def __init__(self, storages, address_size=15):
        super().__init__()
        self.storages = storages
        self.dead = set()
        self.blind_for = 0
        self._address_size = address_size
        self._turn = itertools.count()

    def answer(self, command, body):
        if (command == 101 and body) or (command in (102, 103) and body[:16] != GROUP):
            return EINVAL if command == 101 else ENOENT
        if command not in (101, 102, 103):
            return b"" if command == 111 else EINVAL
        self.blind_for -= 1
        alive = [one for one in self.storages if self.blind_for >= 0 or one not in self.dead]
        if not alive:
            return ENOENT
        host, port = alive[next(self._turn) % len(alive)].address
        place = GROUP + host.encode().ljust(self._address_size, b"\0") + struct.pack("!Q", port)
        return place + b"\0" if command == 101 else place


class Cluster:
    """Two trackers, two storages."""

    def __init__(self, address_size=15):
        self.files = {}
        self.storages = [StorageServer(self.files) for _ in range(2)]
        self.trackers = [Tracker(self.storages, address_size) for _ in range(2)]

    @property
    def url(self):
        return "fastdfs://" + ",".join(f"{host}:{port}" for host, port in (one.address for one in self.trackers))

    @property
    def servers(self):
        return [*self.trackers, *self.storages]

    def kill_storage(self, number, *, blind_for=0):
        self.storages[number].kill()
        for tracker in self.trackers:
            tracker.dead.add(self.storages[number])
            tracker.blind_for = blind_for

    def close(self):
        for server in self.servers:
            server.is_stalled = False
            server.kill()


def _read(connection, length):
    parts = b""
    while len(parts) < length:
        part = connection.recv(length - len(parts))
        if not part:
            return b""
        parts += part
    return parts


def _name(body):
    return body[16:] if body[:16] == GROUP else b""


def _new_name(content, kind):
    """Base64 of where, when, how large and what; then random digits until the kind's field of seven is full."""
    facts = struct.pack(
        "!4sIQI", b"\x7f\0\0\1", int(time.time()), len(content) | os.urandom(1)[0] << 56, zlib.crc32(content)
    )
    kind = kind.rstrip(b"\0")
    digits = b"".join(b"%d" % (byte % 10) for byte in os.urandom(6 - len(kind)))
    folder = os.urandom(2).hex().upper().encode()
    name = base64.urlsafe_b64encode(facts).rstrip(b"=")
    return b"M00/%b/%b/%b%b.%b" % (folder[:2], folder[2:], name, digits, kind)
