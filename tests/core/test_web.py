"""Routes and headers of our own: the cookie, health, what is closed, and the content policy."""

import asyncio
import base64
import datetime as dt
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from core import clock, db, web
from core.auth import Role
from core.queries import users as queries
from core.services import passwords, sign_in
from tests import factories as make
from tests import factories_accounts as accounts


def run(coroutine):
    """Run a coroutine in a thread of its own: a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)


def page(_request):
    return HTMLResponse("<html>Streamlit</html>", headers={"etag": "x", "set-cookie": "a=b"})


def data(_request):
    return PlainTextResponse("figures")


APP = Starlette(
    routes=[
        *web.ROUTES,
        Route("/_stcore/metrics", data),
        Route("/_stcore/agent/interact", data),
        Route("/media/file", data),
        Route("/_stcore/health", data),
        Route("/{page:path}", page),
    ],
    middleware=web.MIDDLEWARE,
)


def get(path, *, scheme="http", **headers):
    """Ask the app for a path. Header names are written with underscores."""
    path, _, query = path.partition("?")
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"host", b"rt.example"),
            *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()),
        ],
        "client": ("10.0.0.1", 1),
        "server": ("rt.example", 443),
    }
    run(APP(scope, receive, send))
    found = [(key.decode(), value.decode()) for key, value in sent[0]["headers"]]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], found, body)


@pytest.fixture
def login(store, monkeypatch):
    """An open session: its id and its ticket."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    with db.write() as session:
        user = accounts.account(session, Role.READER, make.unit(session))
        return sign_in.open_session(session, user.id)


def visit_of(token):
    with db.read() as session:
        return queries.visit(session, token=token, now=clock.now(), idle=dt.timedelta(minutes=30))


def token_in(answer):
    found = re.match(rf"{web.COOKIE}=([^;]+);", answer.header("set-cookie") or "")
    return found and found[1]


def test_a_ticket_is_traded_for_a_cookie_that_no_script_reads(login):
    answer = get(f"/auth/enter?ticket={login[1]}")

    assert answer.header("content-type") == "image/gif"
    assert answer.header("cache-control") == "no-store"
    flags = answer.header("set-cookie").lower().split("; ")
    assert {"httponly", "samesite=strict", "path=/"} < set(flags)
    assert "secure" not in flags
    assert visit_of(token_in(answer)).login_id == login[0]


def test_the_cookie_lives_as_long_as_the_session_can(login):
    flags = get(f"/auth/enter?ticket={login[1]}").header("set-cookie").lower()

    seconds = int(re.search(r"max-age=(\d+)", flags)[1])
    assert 9.9 * 3600 < seconds <= 10 * 3600


def test_under_https_the_cookie_is_secure_and_the_browser_stays_on_https(login):
    answer = get(f"/auth/enter?ticket={login[1]}", scheme="https")

    assert "secure" in answer.header("set-cookie").lower().split("; ")
    assert answer.header("strict-transport-security") == "max-age=31536000"
    assert get("/halsa").header("strict-transport-security") is None


def test_a_used_or_unknown_ticket_gives_the_same_image_and_no_cookie(login):
    first = get(f"/auth/enter?ticket={login[1]}")
    for path in (f"/auth/enter?ticket={login[1]}", "/auth/enter?ticket=gissad", "/auth/enter"):
        again = get(path)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.header("set-cookie") is None


def test_another_site_can_sign_nobody_in_or_out(login):
    for site in ("cross-site", "same-site"):
        answer = get(f"/auth/enter?ticket={login[1]}", sec_fetch_site=site)
        assert answer.header("set-cookie") is None
    token = token_in(get(f"/auth/enter?ticket={login[1]}", sec_fetch_site="same-origin"))

    answer = get("/auth/leave", cookie=f"{web.COOKIE}={token}", sec_fetch_site="cross-site")
    assert answer.header("set-cookie") is None
    assert visit_of(token) is not None


def test_leaving_ends_the_session_and_takes_the_cookie_back(login):
    token = token_in(get(f"/auth/enter?ticket={login[1]}"))
    answer = get("/auth/leave", cookie=f"{web.COOKIE}={token}")

    assert visit_of(token) is None
    assert "max-age=0" in answer.header("set-cookie").lower()
    assert "httponly" in answer.header("set-cookie").lower()


def test_health_is_ok_when_the_store_answers(store):
    answer = get("/halsa")

    assert (answer.status, answer.body) == (200, b"ok")


def test_health_fails_when_the_store_has_no_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")

    assert get("/halsa").status == 503
    db.close()


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/metrics/", "/app/_stcore/metrics", "/_stcore/agent/interact"],
)
def test_metrics_and_the_agent_interface_are_closed(path):
    answer = get(path)

    assert (answer.status, answer.body) == (404, b"")
    assert answer.header("content-security-policy")


def test_every_answer_carries_the_security_headers(store):
    for path in ("/", "/media/file", "/auth/leave"):
        answer = get(path)
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("x-frame-options") == "DENY"
        assert answer.header("referrer-policy") == "same-origin"
        assert answer.header("cross-origin-opener-policy") == "same-origin"
        assert answer.header("cross-origin-resource-policy") == "same-origin"
        assert "camera=()" in answer.header("permissions-policy")


def test_the_policy_lets_nothing_in_from_outside_and_no_script_of_unknown_content():
    policy = dict(
        part.split(" ", 1) for part in get("/").header("content-security-policy").split("; ")
    )

    assert policy["default-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert not re.search(r"https?:|\*", " ".join(policy.values()))


def test_the_policy_knows_every_inline_script_of_the_page_that_is_sent():
    answer = get("/")
    inline = re.findall(r"<script>(.*?)</script>", answer.body.decode(), re.DOTALL)

    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.header("content-security-policy")


def test_the_start_page_is_swedish_named_and_never_kept():
    answer = get("/placeringar")
    text = answer.body.decode()

    assert '<html lang="sv">' in text
    assert "<title>Röda tråden</title>" in text
    assert "<noscript>Sidan behöver JavaScript.</noscript>" in text
    assert "service-desc" not in text
    assert '<div id="root"></div>' in text
    assert answer.header("cache-control") == "no-store"
    assert answer.header("etag") is None
    assert answer.header("set-cookie") == "a=b"


def test_what_is_not_a_page_passes_untouched():
    assert get("/_stcore/health").body == b"figures"


def test_a_made_file_is_given_only_to_a_browser_that_is_signed_in(login):
    token = token_in(get(f"/auth/enter?ticket={login[1]}"))
    cookie = f"other=1; {web.COOKIE}={token}"
    assert get("/media/file", cookie=cookie).body == b"figures"

    for stranger in ({}, {"cookie": "other=1"}, {"cookie": f"{web.COOKIE}=guessed"}):
        answer = get("/media/file", **stranger)
        assert (answer.status, answer.body.decode()) == (403, "Logga in för att hämta filen.")
    with db.write() as session:
        sign_in.close_session(session, login[0])
    assert get("/media/file", cookie=cookie).status == 403


def test_an_idle_browser_is_given_no_file(login, monkeypatch):
    token = token_in(get(f"/auth/enter?ticket={login[1]}"))
    later = clock.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert get("/media/file", cookie=f"{web.COOKIE}={token}").status == 403


def test_an_address_without_a_page_is_told_so_in_swedish(monkeypatch):
    monkeypatch.setattr(web, "ADDRESSES", {"bka", "hem"})
    for path in ("/", "/bka", "/bka/", "/hem"):
        assert get(path).status == 200
        assert '<div id="root"></div>' in get(path).body.decode()

    for path in ("/bkaa", "/bka/mer", "/index.php"):
        answer = get(path)
        assert answer.status == 404
        assert "<h1>Sidan finns inte</h1>" in answer.body.decode()
        assert '<a href="/">' in answer.body.decode()
        assert "<script" not in answer.body.decode()
        assert answer.header("content-security-policy")
    assert get("/_stcore/health").body == b"figures"


def test_the_icon_is_our_own():
    answer = get("/ikon.svg")

    assert answer.header("content-type").startswith("image/svg+xml")
    assert b"<svg" in answer.body


def test_the_start_opens_the_store_and_warms_up(tmp_path, monkeypatch):
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    done = []
    monkeypatch.setattr(web, "WARM_UP", [lambda: done.append("warm")])
    monkeypatch.setattr("gc.freeze", lambda: done.append("frozen"))

    async def start():
        async with web.lifespan(APP):
            done.append(get_status())

    def get_status():
        return web.health(None).status_code

    run(start())

    assert done == ["warm", "frozen", 200]
