"""A TCP proxy on loopback, in a thread of its own, that does to a connection what networks and servers do."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Address = tuple[str, int]
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends an RST.


class Proxy:
    """`with Proxy(("127.0.0.1", 6379)) as proxy:` clients connect to proxy.address.

    What was said of a connection holds for those that are open and for those that come, until `heal()`.
    """

    def __init__(self, target: Address) -> None:
        self.target = target
        self.lost = 0  # Answers that lose() has kept back.
        self._ends: set[asyncio.StreamWriter] = set()  # Of both sides.
        self._running: set[asyncio.Task[None]] = set()  # asyncio keeps none of them.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._on_loop(self._begin)
        self.address: Address = self._server.sockets[0].getsockname()[:2]
        self.port = self.address[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._on_loop(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _begin(self) -> None:
        self._healthy()
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._cut_all()
        await asyncio.sleep(0)  # Until they are closed.

    def _on_loop(self, do: Callable[..., Any], *args: Any) -> None:
        """Run it in the proxy's thread, and wait until it is done."""

        async def run() -> None:
            done = do(*args)
            if asyncio.iscoroutine(done):
                await done

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    # --- faults

    def latency(self, seconds: float) -> None:
        """Everything takes this much longer, in each direction."""
        self._delay = seconds

    def rate(self, bytes_per_second: float) -> None:
        self._rate = bytes_per_second

    def stall(self) -> None:
        """Half open: connections stay and are taken, and nothing comes through any more."""
        self._on_loop(self._flows.clear)

    def reset(self) -> None:
        """End the connections that are open with an RST; new ones are served."""
        self._on_loop(self._cut_all)

    def refuse(self) -> None:
        """Nobody is there: open connections are reset, and new ones as soon as they are made."""
        self._refuses = True
        self.reset()

    def cut_after(self, size: int) -> None:
        """Reset the connection that has sent this many bytes more to the server, once."""
        self._left = size

    def lose(self, word: bytes, *, delivers: bool) -> None:
        """Reset the connection whose client sends this, once: before the server gets it, or before its answer."""
        self._word, self._delivers = word, delivers

    def heal(self) -> None:
        """What stalled goes on where it stopped."""
        self._on_loop(self._healthy)

    def _healthy(self) -> None:
        self._delay, self._rate, self._left, self._refuses = 0.0, 0.0, -1, False
        self._word, self._delivers = b"", True
        self._flows = getattr(self, "_flows", None) or asyncio.Event()
        self._flows.set()

    # --- connections

    def _accepted(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Known before its task runs: one that is cancelled first closes nothing."""
        self._ends.add(client)
        self._running.add(task := asyncio.create_task(self._connected(reader, client)))
        task.add_done_callback(self._running.discard)

    async def _connected(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if self._refuses:
            return self._cut(client)
        try:
            answers, server = await asyncio.open_connection(*self.target)
        except OSError:
            return self._cut(client)
        self._ends.add(server)
        pair = client, server
        is_lost = asyncio.Event()
        await asyncio.gather(
            self._pass_on(reader, server, pair, is_lost, from_client=True),
            self._pass_on(answers, client, pair, is_lost, from_client=False),
        )
        self._ends.difference_update(pair)

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, pair: Any, is_lost: asyncio.Event, *,
        from_client: bool,
    ) -> None:  # fmt: skip
        with suppress(OSError):
            while data := await source.read(65536):
                await asyncio.sleep(self._delay + (len(data) / self._rate if self._rate else 0))
                await self._flows.wait()
                if from_client and self._word and self._word in data:
                    self._word, self.lost = b"", self.lost + 1
                    is_lost.set()
                    if not self._delivers:
                        break
                elif not from_client and is_lost.is_set():
                    break
                if from_client and self._left >= 0:
                    data, self._left = data[: self._left], self._left - len(data)
                    if self._left < 0:
                        sink.write(data)
                        await sink.drain()
                        is_lost.set()
                        break
                sink.write(data)
                await sink.drain()
        for end in pair:
            self._cut(end) if is_lost.is_set() else end.close()

    def _cut_all(self) -> None:
        for end in [*self._ends]:
            self._cut(end)

    def _cut(self, end: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.transport.abort()
        self._ends.discard(end)
