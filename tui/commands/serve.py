"""`desdecero serve`: the app in a web page, for whoever opens it."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from ipaddress import ip_address

from tui.commands.base import Command, UsageError, positive, say
from tui.messages import Words

REQUIREMENT = "textual-serve>=1.1.3,<1.2"
"""What the extra `web` brings."""


def port(text: str) -> int:
    """The number of a port; 0 takes a free one. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError(text)
    return int(text)


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    def number(name: str, metavar: str, usual: int) -> None:
        told = words(f"serve.{name}")
        parser.add_argument(f"--{name}", type=positive, metavar=metavar, default=usual, help=told)

    parser.add_argument("--port", type=port, metavar="N", default=8000, help=words("serve.port"))
    parser.add_argument("--host", metavar="H", default="127.0.0.1", help=words("serve.host"))
    number("sessions", "N", 8)
    number("idle", "MIN", 30)
    number("keep", "D", 90)


def _run(args: Namespace, words: Words) -> None:
    try:
        import aiohttp  # noqa: F401 (only whether it is there)
        import textual_serve  # noqa: F401
    except ImportError as error:
        raise UsageError("no_web", requirement=REQUIREMENT) from error
    import asyncio

    from engine.store import shipped
    from tui.data import data_path
    from tui.web.server import Settings, serve, trouble

    if args.model and args.model not in shipped():
        raise UsageError("serve_model", name=args.model, known=tuple(shipped()))
    settings = Settings(
        data_path() / "visitors",
        args.host,
        args.port,
        args.sessions,
        args.idle * 60,
        args.lang or "",
        args.model or "",
        args.keep,
    )

    def begun(address: str) -> None:
        print(words("serve.begun", address=address), flush=True)
        if not is_loopback(args.host):
            say(words("serve.open", host=args.host))

    try:
        asyncio.run(serve(settings, begun))
    except (OSError, UnicodeError) as error:
        code = trouble(error)
        if code is None:
            raise
        raise UsageError(code, host=args.host, port=args.port) from error
    print(words("serve.ended"))


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


COMMAND = Command("serve", _add_arguments, _run)
