"""Routes and headers of our own beside the pages: the cookie, health, and a strict CSP."""

from __future__ import annotations

import base64
import datetime as dt
import gc
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import text
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import clock, db
from core.config import settings
from core.queries import users
from core.services import passwords, sign_in

COOKIE = "rt_sid"
TITLE = "Röda tråden"
CLOSED = ("/_stcore/metrics", "/_stcore/agent/")
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
MEDIA = "/media/"
WARM_UP: list[Callable[[], object]] = []
ADDRESSES: set[str] = set()
"""The pages' addresses. Any other one is answered as not found; empty: none is."""


def enter(request: Request) -> Response:
    """Trade a ticket for the session's cookie. The answer is an empty image, whatever happened."""
    answer = _pixel()
    if _from_elsewhere(request):
        return answer
    with db.write() as session:
        redeemed = sign_in.redeem(session, request.query_params.get("ticket", ""))
    if redeemed:
        token, seconds = redeemed
        answer.set_cookie(COOKIE, token, max_age=seconds, **_cookie_flags(request))
    return answer


def leave(request: Request) -> Response:
    """End the session of the browser's cookie and take the cookie back."""
    answer = _pixel()
    if _from_elsewhere(request):
        return answer
    token = request.cookies.get(COOKIE)
    if token:
        with db.write() as session:
            sign_in.close_by_token(session, token)
    answer.delete_cookie(COOKIE, **_cookie_flags(request))
    return answer


def health(_request: Request) -> Response:
    """Answer ok when the store answers."""
    try:
        with db.read() as session:
            session.execute(text("SELECT 1 FROM store_info"))
    except SQLAlchemyError:
        return PlainTextResponse("databasen svarar inte", status_code=503)
    return PlainTextResponse("ok")


class Guard:
    """Sends the security headers with every answer, our own start page, and closes what is unused.

    Pure ASGI, so that web sockets and downloads pass untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = _with_headers(scope, send)
        if any(path in scope["path"] + "/" for path in (f"{c.rstrip('/')}/" for c in CLOSED)):
            await PlainTextResponse("", status_code=404)(scope, receive, guarded)
        elif MEDIA in scope["path"] and not await run_in_threadpool(_signed_in, Request(scope)):
            answer = PlainTextResponse("Logga in för att hämta filen.", status_code=403)
            await answer(scope, receive, guarded)
        else:
            known = not ADDRESSES or scope["path"].strip("/") in {"", *ADDRESSES}
            await self.app(scope, receive, _start_page(guarded, known=known))


def _with_headers(scope: Scope, send: Send) -> Send:
    secure = scope["scheme"] == "https"

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *security_headers(secure=secure)]
        await send(message)

    return send_on


def _signed_in(request: Request) -> bool:
    """Tell whether the browser's cookie opens a session that holds just now."""
    token = request.cookies.get(COOKIE)
    if not token:
        return False
    idle = dt.timedelta(minutes=settings().idle_minutes)
    with db.read() as session:
        return users.visit(session, token=token, now=clock.now(), idle=idle) is not None


def _start_page(send: Send, *, known: bool) -> Send:
    """Replace the start page that Streamlit answers with by our own, in Swedish and never kept.

    An address that isn't `known` is told to be wrong, instead of in English over the first page.
    """
    replaced = False

    async def send_on(message: Message) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start" and _is_start_page(message):
            replaced = True
            status = message["status"] if known else 404
            headers = [*PAGE_HEADERS, *_cookies(message)]
            await send({**message, "status": status, "headers": headers})
        elif not replaced:
            await send(message)
        elif not message.get("more_body"):
            body = start_page() if known else NOT_FOUND.encode()
            await send({"type": "http.response.body", "body": body})

    return send_on


def _is_start_page(message: Message) -> bool:
    kind = dict(message["headers"]).get(b"content-type", b"")
    return bool(message["status"] == 200 and kind.startswith(b"text/html"))


def _cookies(message: Message) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in message["headers"] if name == b"set-cookie"]


@cache
def start_page() -> bytes:
    """Return Streamlit's start page with our language, title and icon."""
    spec = find_spec("streamlit")
    assert spec is not None  # noqa: S101  (a pinned requirement)
    assert spec.origin is not None  # noqa: S101
    page = (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="sv">'),
        (r"<title>.*?</title>", f"<title>{TITLE}</title>"),
        (r"<!--.*?-->", ""),
        (r'<link rel="service-desc"[^>]*>', ""),
        (r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="./ikon.svg">'),
        (r"<noscript>.*?</noscript>", "<noscript>Sidan behöver JavaScript.</noscript>"),
    ):
        page = re.sub(pattern, replacement, page, flags=re.DOTALL)
    return page.encode()


@cache
def security_headers(*, secure: bool) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers that every answer carries; `secure` when it goes out over https."""
    headers = {
        "content-security-policy": content_security_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def content_security_policy() -> str:
    """Return the policy: nothing from outside, no script but Streamlit's files and inline one."""
    inline = re.findall(
        r"<script(?![^>]*src)[^>]*>(.*?)</script>", start_page().decode(), re.DOTALL
    )
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Open the store and do at start what the first visitor would otherwise wait for."""
    db.open_store()
    start_page()
    passwords.decoy_hash()
    for prepare in WARM_UP:
        prepare()
    gc.collect()
    gc.freeze()
    yield {}
    db.close()


def _pixel() -> Response:
    return Response(PIXEL, media_type="image/gif", headers={"cache-control": "no-store"})


def _from_elsewhere(request: Request) -> bool:
    """Tell whether another site's page caused the request, so that it can't sign anybody in or out."""
    return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def _cookie_flags(request: Request) -> Any:
    return {
        "path": "/",
        "httponly": True,
        "samesite": "strict",
        "secure": request.url.scheme == "https",
    }


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def icon(_request: Request) -> Response:
    """Return the tab's icon: a red thread."""
    return Response(ICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#0B5C6B"/>'
    '<path d="M4 22c5 0 5-11 11-11s4 12 9 10 4-9 4-9" fill="none" stroke="#FF8A7A"'
    ' stroke-width="3" stroke-linecap="round"/></svg>'
)
NOT_FOUND = """<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sidan finns inte – Röda tråden</title><link rel="icon" href="/ikon.svg">
<style>
:root { color-scheme: light dark; }
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; }
</style>
</head>
<body>
<h1>Sidan finns inte</h1>
<p>Adressen stämmer inte med någon sida i Röda tråden. Den kan vara felskriven eller gammal.</p>
<p><a href="/">Till första sidan</a></p>
</body>
</html>
"""
PAGE_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
)
ROUTES = [
    Route("/auth/enter", enter),
    Route("/auth/leave", leave),
    Route("/halsa", health),
    Route("/ikon.svg", icon),
]
MIDDLEWARE = [Middleware(Guard)]
