"""Forwards ``<base_url>lakeside/…`` to the sidecar, streaming both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Any

from tornado import web
from tornado.iostream import StreamClosedError

from .down import Problem
from .gate import GateHandler
from .headers import percent_encoded, sidecar_target, to_browser, to_sidecar
from .person import name_of

if TYPE_CHECKING:
    from .extension import Lakeside
    from .upstream import Answer

#: Chunks of a body that may wait between browser and sidecar; tornado's are at most 64 KB.
_CHUNKS = 8
_NO_LIMIT = 2**62
#: Seconds that a refused request may go on sending its body.
_SWALLOWING = 5.0
#: After it kernels may have to inherit something else.
_FIXES = "/credentials/doctor/fixes"
_LOST = Problem(
    "unavailable", "Lakeside's sidecar ended while it worked on this. Look whether it was done, then try again.", 1
)


@web.stream_request_body
class ProxyHandler(GateHandler):
    """One request on its way to the sidecar and back."""

    _chunks: asyncio.Queue[bytes | None] | None = None
    _task: asyncio.Task[None] | None = None

    def initialize(self, lakeside: Lakeside) -> None:  # type: ignore[override]
        self.lakeside = lakeside
        self._arrived = asyncio.Event()
        self._unwanted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def prepare(self) -> None:  # type: ignore[override]
        problem = await self.admit()
        if self._finished or self.request.method == "OPTIONS":
            return
        if problem is None:
            # The sidecar knows what is too large for which route.
            self.request.connection.set_max_body_size(_NO_LIMIT)  # type: ignore[union-attr]
            if self._has_body():
                self._chunks = asyncio.Queue(_CHUNKS)
        self._task = asyncio.create_task(self._forward() if problem is None else self._turn_away(problem))

    def _has_body(self) -> bool:
        headers = self.request.headers
        return "Transfer-Encoding" in headers or headers.get("Content-Length", "0") != "0"

    def data_received(self, chunk: bytes) -> Awaitable[None]:
        return self._pass_on(chunk)

    def on_connection_close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        super().on_connection_close()

    async def _finish_forwarding(self, *_: Any) -> None:
        """Called once the whole request body has arrived."""
        self._arrived.set()
        await self._pass_on(None)
        assert self._task is not None
        try:
            await self._task
        except (StreamClosedError, asyncio.CancelledError):
            self._drop_connection()

    get = head = post = put = patch = delete = _finish_forwarding

    async def _pass_on(self, chunk: bytes | None) -> None:
        """Queues a chunk of the body; waits while the queue is full, which slows the browser down."""
        if self._chunks is None or self._task is None or self._task.done() or self._unwanted.done():
            return
        put = asyncio.ensure_future(self._chunks.put(chunk))
        await asyncio.wait({put, self._task, self._unwanted}, return_when=asyncio.FIRST_COMPLETED)
        put.cancel()

    async def _turn_away(self, problem: Problem) -> None:
        await self._swallow_body()
        self.refuse(problem, self.lakeside.supervisor.relay.lines if self.current_user else ())

    async def _swallow_body(self) -> None:
        """Lets the rest of a body that nobody wants arrive.

        A browser that is still sending when the connection is closed reports a network error instead of the refusal.
        """
        if not self._unwanted.done():
            self._unwanted.set_result(None)
        try:
            await asyncio.wait_for(self._arrived.wait(), _SWALLOWING)
        except TimeoutError:
            self.set_header("Connection", "close")

    async def _body(self, chunks: asyncio.Queue[bytes | None]) -> AsyncIterator[bytes]:
        while (chunk := await chunks.get()) is not None:
            yield chunk

    async def _forward(self) -> None:
        await self.lakeside.load_http()
        from .upstream import ConnectionLost

        repeatable = self.request.method in ("GET", "HEAD")
        for attempt in (1, 2):
            problem = await self.lakeside.supervisor.wait_ready()
            if problem is not None:
                await self._turn_away(problem)
                return
            try:
                await self._exchange(repeatable)
                return
            except ConnectionLost as error:
                if self._headers_written:
                    self.log.warning("lakeside | the sidecar's answer to %s broke off: %s", self.request.path, error)
                    self._drop_connection()
                    return
                self.clear()
                if not repeatable or attempt == 2:
                    self.log.warning("lakeside | %s got no answer: %r", self.request.path, error)
                    await self._turn_away(_LOST)
                    return

    async def _exchange(self, repeatable: bool) -> None:
        from yarl import URL

        session = (await self.lakeside.upstream()).session(repeatable=repeatable)
        target = sidecar_target(self.request.uri or "/", self._prefix())
        async with session.request(
            self.request.method or "GET",
            URL("http://sidecar" + target, encoded=True),
            data=None if self._chunks is None else self._body(self._chunks),
            headers=self._headers_to_sidecar(),
            allow_redirects=False,
        ) as answer:
            await self._relay_answer(answer)

    def _headers_to_sidecar(self) -> dict[str, str]:
        name, display_name = name_of(self.current_user, self.identity_provider)
        return {
            **to_sidecar(self.request.headers.get_all()),
            "X-Lakeside-Secret": self.lakeside.supervisor.plan.boot.secret,
            "X-Lakeside-User": percent_encoded(name),
            "X-Lakeside-Display-Name": percent_encoded(display_name),
            "X-Forwarded-Prefix": self._prefix(),
            "X-Forwarded-Proto": self.request.protocol,
            "X-Forwarded-Host": self.request.host,
        }

    def _prefix(self) -> str:
        return self.base_url + "lakeside"

    async def _relay_answer(self, answer: Answer) -> None:
        if answer.status >= 400:
            await self._swallow_body()
        elif self.request.method == "POST" and self.request.path.endswith(_FIXES):
            self.lakeside.withhold()
        self.set_status(answer.status, answer.reason)
        self.clear_header("Content-Type")
        seen = set()
        for name, value in to_browser(answer.headers.items()):
            (self.add_header if name in seen else self.set_header)(name, value)
            seen.add(name)
        if answer.content_type == "text/event-stream":
            self.set_header("X-Accel-Buffering", "no")
        # Compressing would break ranges and hold events back.
        self._transforms: list[Any] = []
        if "Content-Length" not in answer.headers:
            await self.flush()
        async for chunk in answer.content.iter_any():
            self.write(chunk)
            await self.flush()
        await self.finish()

    def compute_etag(self) -> None:
        """The sidecar knows its own."""

    def _drop_connection(self) -> None:
        """Ends the connection where an answer cannot be completed: its reader must not take it for whole."""
        self._finished = True
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None and not stream.closed():
            stream.close()
