"""A headless Chromium, and a static host on loopback: for the report's tests, pictures and benchmark."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("VPOE_CHROMIUM") or shutil.which("chromium")
DRAWN = "() => [...document.querySelectorAll('.chart')].every((one) => one.querySelector('svg'))"


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """The browser keeps its own record."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address at which a free port of loopback serves the folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
