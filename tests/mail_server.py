"""A mail server for tests that takes some mails, refuses others, and hangs on others again, by their address."""

import asyncio
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.site_process import free_port


class MailServer:
    """What `hang…@` is answered never, `bad…@` 550 and `later…@` 451; `delay` seconds pass before any other mail."""

    def __init__(self, delay: float = 0) -> None:
        self.delay = delay
        self.taken: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}?tls=none"
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        self.asked[address] += 1
        if address.startswith("hang"):
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return {"bad": "550 5.1.1 no such user", "lat": "451 4.3.0 try again later"}.get(address[:3], "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay)
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"
