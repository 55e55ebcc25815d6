"""A headless Chromium over the DevTools protocol, with the standard library alone."""
import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request


def binary():
    """Where Chromium is; None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


class Socket:
    """As much of RFC 6455 as a client of a local browser needs."""

    def __init__(self, url):
        host, path = url.removeprefix("ws://").split("/", 1)
        name, port = host.split(":")
        self.socket = socket.create_connection((name, int(port)), timeout=120)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline().strip():
            pass

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        head = bytes([0x81])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        whole = int.from_bytes(data, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")
        self.socket.sendall(head + mask + whole.to_bytes(size, "big"))

    def receive(self):
        text = b""
        while True:
            first, second = self.file.read(2)
            size = second & 127
            if size == 126:
                size, = struct.unpack(">H", self.file.read(2))
            elif size == 127:
                size, = struct.unpack(">Q", self.file.read(8))
            data = self.file.read(size)
            if first & 15 in (0, 1, 2):
                text += data
                if first & 0x80:
                    return text.decode()


class Page:
    """A page, and everything that it says and asks for."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="report-browser-")
        self.process = subprocess.Popen(
            [binary(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars", "--remote-debugging-port=0", f"--user-data-dir={self.folder}",
             "about:blank"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        local = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with local.open(f"http://127.0.0.1:{self.port()}/json", timeout=30) as answer:
            pages = [p for p in json.load(answer) if p["type"] == "page"]
        self.socket = Socket(pages[0]["webSocketDebuggerUrl"])
        self.number = 0
        self.complaints, self.requests, self.loads = [], [], 0
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def port(self):
        """What the browser chose, once it says so."""
        path = os.path.join(self.folder, "DevToolsActivePort")
        for _ in range(600):
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    text = file.read()
                if text.count("\n") > 0:
                    return int(text.split("\n")[0])
            time.sleep(0.05)
        raise RuntimeError("the browser did not start within 30 seconds")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def note(self, message):
        method, facts = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            detail = facts["exceptionDetails"]
            self.complaints.append(detail.get("exception", {}).get("description", detail["text"]))
        elif method == "Log.entryAdded" and facts["entry"]["level"] in ("error", "warning"):
            self.complaints.append(facts["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(facts["args"]))
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("a dialog: " + facts["message"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loads += 1

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def open(self, path):
        """Loads a file, and returns the seconds until its script was through."""
        self.complaints.clear()
        self.requests.clear()
        start = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while time.monotonic() - start < 20:
            if self.run("document.documentElement?.dataset.ready || ''") == "1":
                return time.monotonic() - start
            time.sleep(0.02)
        raise RuntimeError(f"{path} was not ready after 20 seconds: {self.complaints}")

    def run(self, script):
        """The value of a script; of a promise what it comes to."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", script))
        return answer["result"].get("value")

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=False)

    def media(self, media="", dark=False):
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def key(self, key, code=0):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code)

    def drag(self, x0, y0, x1, y1):
        def mouse(kind, x, y, buttons=1):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left",
                      buttons=buttons, clickCount=1)
        mouse("mouseMoved", x0, y0, 0)
        mouse("mousePressed", x0, y0)
        for step in range(1, 6):
            mouse("mouseMoved", x0 + (x1 - x0) * step / 5, y0 + (y1 - y0) * step / 5)
        mouse("mouseReleased", x1, y1, 0)

    def picture(self, path, whole=False):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
