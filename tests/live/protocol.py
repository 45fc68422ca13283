"""A browser tab that speaks the app's own WebSocket protocol, without a browser.

Keeps the page list, the widgets by label, their values and the message cache as the front end does.
"""

import asyncio
import re
import time
import urllib.parse
import urllib.request

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STRINGS = ("text_input", "text_area", "selectbox", "radio")
LISTS = ("date_input", "multiselect", "button_group")
VALUE_FIELD = {
    **dict.fromkeys(STRINGS, "string_value"),
    **dict.fromkeys(LISTS, "string_array_value"),
    "number_input": "double_value",
    "checkbox": "bool_value",
    "button": "trigger_value",
}
CACHED_MESSAGES = 200
TIMEOUT = 30.0
TICKET = re.compile(rb"/auth/enter\?ticket=[\w-]+")
Finished = ForwardMsg.ScriptFinishedStatus


class RunError(Exception):
    """The app answered, but not as it should."""


class Run:
    """What one rerun sent back: seconds until it finished, faults, and the raw messages."""

    def __init__(self):
        self.seconds = 0.0
        self.bytes = 0
        self.faults = []
        self.raw = []

    def has(self, text):
        """Tell whether a text came back."""
        return any(text.encode() in message for message in self.raw)


class Tab:
    """One browser tab on a loopback server."""

    def __init__(self, url, cookie=""):
        address = urllib.parse.urlparse(url)
        if address.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise ValueError("only loopback servers")
        self.url, self.cookie = url, cookie
        self.address = f"ws://{address.netloc}/_stcore/stream"
        self.socket = None
        self.pages, self.page = {}, ""
        self.widgets, self.values, self.fragments = {}, {}, {}
        self.cache = {}
        self.partial = False

    async def open(self, page=""):
        """Connect and run the first page."""
        self.socket = await websockets.connect(
            self.address,
            max_size=None,
            subprotocols=["streamlit"],
            compression=None,
            ping_interval=None,
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
        )
        return await self.rerun(page_name=page)

    async def close(self):
        """Disconnect."""
        if self.socket:
            await self.socket.close()

    async def sign_in(self, username, password):
        """Sign in through the app's own form."""
        run = await self.set({"Användarnamn": username, "Lösenord": password}, press="Logga in")
        if "Lösenord" in self.widgets:
            raise RunError(f"{username} is not signed in: {run.faults}")
        await asyncio.to_thread(self._fetch_cookie, run)
        return run

    def _fetch_cookie(self, run):
        """Fetch the picture whose answer sets the cookie, as a browser does."""
        found = next(
            (TICKET.search(message) for message in run.raw if TICKET.search(message)), None
        )
        if found is not None:
            with urllib.request.urlopen(f"{self.url}{found.group().decode()}") as answer:
                self.cookie = answer.headers["set-cookie"].split(";")[0]

    async def goto(self, page):
        """Switch to a page by its address."""
        if page not in self.pages:
            raise RunError(f"no page {page!r}; the app has {sorted(self.pages)}")
        self.page = self.pages[page]
        return await self.rerun()

    async def set(self, values, press=None):
        """Set widgets by label, press a button if given, and rerun."""
        fragment = ""
        for label, value in [*values.items(), *([(press, True)] if press else [])]:
            if label not in self.widgets:
                raise RunError(f"no widget {label!r}; the page has {sorted(self.widgets)}")
            kind, widget = self.widgets[label]
            self.values[widget] = (VALUE_FIELD[kind], value)
            fragment = self.fragments.get(label, "")
        return await self.rerun(fragment=fragment)

    async def rerun(self, page_name="", fragment=""):
        """Send a rerun and wait until its script has finished."""
        run, began = Run(), time.perf_counter()
        await self.socket.send(self._message(page_name, fragment))
        async with asyncio.timeout(TIMEOUT):
            self.partial = bool(fragment)
            while not self._take(await self.socket.recv(), run, partial=self.partial):
                pass
        run.seconds = time.perf_counter() - began
        return run

    def _message(self, page_name, fragment):
        message = BackMsg()
        script = message.rerun_script
        script.page_script_hash, script.page_name = self.page, page_name
        script.fragment_id = fragment
        script.context_info.timezone = "Europe/Stockholm"
        script.context_info.locale = "sv-SE"
        script.cached_message_hashes.extend(self.cache)
        for widget, (field, value) in list(self.values.items()):
            state = script.widget_states.widgets.add(id=widget)
            if field == "string_array_value":
                state.string_array_value.data.extend([value] if isinstance(value, str) else value)
            else:
                setattr(state, field, value)
            if field == "trigger_value":
                del self.values[widget]  # a press lasts one run
        return message.SerializeToString()

    def _take(self, data, run, *, partial):
        run.bytes += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash" and message.ref_hash in self.cache:
            data = self.cache[message.ref_hash]
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
        run.raw.append(data)
        if message.metadata.cacheable:
            self.cache[message.hash] = data
            while len(self.cache) > CACHED_MESSAGES:
                del self.cache[next(iter(self.cache))]
        if kind == "script_finished":
            return self._finished(message, run, partial=partial)
        if kind == "new_session" and not partial:
            self.page = message.new_session.page_script_hash
            self.widgets.clear()
            self.fragments.clear()
            run.faults.clear()
            run.raw.clear()
        elif kind == "navigation":
            self.pages = {
                page.url_pathname or "": page.page_script_hash
                for page in message.navigation.app_pages
            }
            self.page = message.navigation.page_script_hash
        elif kind == "page_not_found":
            run.faults.append(kind)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta, run)
        return False

    def _finished(self, message, run, *, partial):
        if message.script_finished == Finished.FINISHED_WITH_COMPILE_ERROR:
            run.faults.append("compile error")
        if not partial:  # the front end, too, forgets widgets that are gone
            shown = {widget for _kind, widget in self.widgets.values()}
            self.values = {w: value for w, value in self.values.items() if w in shown}
        early = message.script_finished == Finished.FINISHED_EARLY_FOR_RERUN
        self.partial = partial and not early  # the whole page follows, also after a fragment
        return not early

    def _element(self, delta, run):
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind) if kind else None
        if kind == "exception":
            run.faults.append(f"{element.type}: {element.message}"[:300])
        elif getattr(element, "id", "") and getattr(element, "label", ""):
            self.widgets[element.label] = (kind, element.id)
            if delta.fragment_id:
                self.fragments[element.label] = delta.fragment_id
