"""A proxy between pitstop and ec2sim that counts requests, and does something at the one that it is told of."""

import http.client
import http.server
import re
import threading
import time
import urllib.parse

TIMEOUT_OF_A_CALL = 12  # seconds: longer than pitstop waits for one


def action_of(path, headers, body):
    """"StopInstances", or "DryRun StopInstances"."""
    target = headers.get("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    fields = urllib.parse.parse_qs(body.decode("utf-8", "replace"))
    action = fields.get("Action", [path.split("?")[0]])[0]
    return f"DryRun {action}" if fields.get("DryRun") == ["true"] else action


class Kill:
    """Ends the process under test as the request arrives, or when it was carried out and is not answered yet."""

    def __init__(self, nth, before):
        self.nth = nth
        self.before = before

    def __str__(self):
        return f"killed {'before' if self.before else 'after'} request {self.nth}"

    def meets(self, nth, _action):
        return nth == self.nth

    def befall(self, exchange):
        if not self.before:
            exchange.forward()
        exchange.proxy.victim.kill()
        exchange.close()


class KillAt(Kill):
    """The same as the first request of an action arrives."""

    def __init__(self, action):
        super().__init__(nth=None, before=True)
        self.action = action

    def meets(self, _nth, action):
        return action == self.action


class Fault:
    """An answer that is not what EC2 said, or none."""

    # Kind: whether the request is carried out, and what is answered: a status with an error code, or a way to break.
    KINDS = {
        "throttled": (False, (503, "RequestLimitExceeded")),
        "unavailable": (False, (503, "Unavailable")),
        "internal-error": (False, (500, "InternalError")),
        "internal-error-acted": (True, (500, "InternalError")),
        "denied": (False, (403, "UnauthorizedOperation")),
        "denied-acted": (True, (403, "UnauthorizedOperation")),
        "expired": (False, (400, "RequestExpired")),
        "unknown-code-acted": (True, (400, "PendingVerification")),
        "html-page": (False, "html"),
        "html-page-acted": (True, "html"),
        "empty-acted": (True, "empty"),
        "garbage-acted": (True, "garbage"),
        "cut-reply": (True, "cut"),
        "lost-request": (False, "close"),
        "lost-reply": (True, "close"),
        "slow": (True, "slow"),
    }

    def __init__(self, nth, kind):
        self.nth = nth
        self.kind = kind

    def __str__(self):
        return f"{self.kind} at request {self.nth}"

    def meets(self, nth, _action):
        return nth == self.nth

    def befall(self, exchange):
        acts, answer = self.KINDS[self.kind]
        status, headers, body = exchange.forward() if acts else (None, [], b"")
        if answer == "close":
            exchange.close()
        elif answer == "slow":
            time.sleep(TIMEOUT_OF_A_CALL)
            exchange.close()
        elif answer == "cut":
            exchange.answer(status, headers, body[: len(body) // 2], claimed_length=len(body))
        elif answer == "empty":
            exchange.answer(200, [], b"")
        elif answer == "garbage":
            exchange.answer(200, [], b"<\x00\xff{[" * 100)
        elif answer == "html":
            exchange.answer(503, [("Content-Type", "text/html")], b"<html><body>Service Unavailable</body></html>")
        else:
            exchange.refuse(*answer)


class Exchange:
    """A request on its way."""

    def __init__(self, proxy, handler, body):
        self.proxy = proxy
        self.handler = handler
        self.body = body
        self.action = action_of(handler.path, handler.headers, body)

    def forward(self):
        connection = http.client.HTTPConnection(self.proxy.upstream, timeout=60)
        headers = {name: value for name, value in self.handler.headers.items() if name.lower() != "connection"}
        connection.request(self.handler.command, self.handler.path, self.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("content-length", "connection")]
        return answer.status, kept, body

    def answer(self, status, headers, body, claimed_length=None):
        self.handler.send_response_only(status)
        for name, value in headers:
            self.handler.send_header(name, value)
        self.handler.send_header("Content-Length", str(claimed_length or len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)
        if claimed_length is not None:
            self.close()

    def refuse(self, status, code):
        """In the words of the service that was asked."""
        service = re.search(r"/[^/]+/([a-z0-9]+)/aws4_request", self.handler.headers.get("Authorization", ""))
        name = service.group(1) if service else "ec2"
        if name == "ec2":
            text = f"<Response><Errors><Error><Code>{code}</Code><Message>as told</Message></Error></Errors></Response>"
            self.answer(status, [("Content-Type", "text/xml")], text.encode())
        elif name in ("autoscaling", "elasticloadbalancing"):
            text = f"<ErrorResponse><Error><Code>{code}</Code><Message>as told</Message></Error></ErrorResponse>"
            self.answer(status, [("Content-Type", "text/xml")], text.encode())
        else:
            headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code)]
            self.answer(status, headers, f'{{"__type": "{code}", "message": "as told"}}'.encode())

    def close(self):
        self.handler.close_connection = True
        self.handler.connection.close()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """One of the two ends is gone: that is what this is for."""


class Proxy:
    """Listens on a free port of loopback while the `with` lasts. `script`: what befalls which requests."""

    def __init__(self, endpoint, script=()):
        self.upstream = urllib.parse.urlparse(endpoint).netloc
        self.victim = None
        self.actions = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), self._handler_class())
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        exchange = Exchange(self, handler, body)
        with self._lock:
            self.actions.append(exchange.action)
            nth = len(self.actions)
        event = next((event for event in self._script if event.meets(nth, exchange.action)), None)
        if event:
            event.befall(exchange)
        else:
            exchange.answer(*exchange.forward())

    def _handler_class(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_anything(self):
                proxy._handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_anything

            def log_message(self, *_):
                pass

        return Handler
