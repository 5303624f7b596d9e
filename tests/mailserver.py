"""A real mail server on a socket, which does what a test asks of it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Server:
    """Takes mail, unless told otherwise; `arrived` in order."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()  # addresses that it does not know
        self.busy = False  # "try again later", to everybody
        self.hangs_for: set[str] = set()  # addresses at which it says nothing any more
        self.hangs_after_taking = False

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.hangs_for:
            await asyncio.sleep(30)
        if address in self.refused:
            return "550 5.1.1 No such person here"
        if self.busy:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.arrived.append((envelope.rcpt_tos[0], message))  # type: ignore[arg-type]
        if self.hangs_after_taking:
            await asyncio.sleep(30)
        return "250 Taken"

    @property
    def readers(self) -> list[str]:
        return sorted(address for address, _ in self.arrived)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def listening(server: Server, port: int) -> Iterator[None]:
    controller = Controller(server, hostname=HOST, port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def is_sent_through(settings: Any, port: int) -> None:
    """Mail goes to a server on that port; it has half a second for each word."""
    settings.EMAIL_IS_SENT = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 0.5
