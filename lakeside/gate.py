"""Who may pass the front door: Jupyter's own sign-in, authorizer, XSRF check and origin check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from http.client import responses
from typing import Any

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import ensure_async
from tornado import web

from .down import PAGE_POLICY, Problem, problem_of_status

#: What an authorizer is asked about, with the action ``read`` (GET, HEAD) or ``write``.
RESOURCE = "lakeside"
_READING = ("GET", "HEAD")


class GateHandler(APIHandler):
    """Lets a request pass that Jupyter would let pass, and answers all others with a problem or a page."""

    async def admit(self) -> Problem | None:
        """Decides on a request before its body arrives; None lets it pass.

        A person who followed a link without being signed in is sent to the login page: that ends the request.
        """
        try:
            # APIHandler's own prepare would hide a foreign origin behind a 404.
            await JupyterHandler.prepare(self)
        except web.HTTPError as error:
            return _problem_of(error.status_code, error)
        if self._finished or self.request.method == "OPTIONS":
            return None
        if not self.current_user:
            if self._wants_page():
                web.authenticated(lambda _: None)(self)
                return None
            return Problem("forbidden", "Sign in to Jupyter first: this request carries no valid sign-in.")
        if not self.check_origin() or self._comes_from_elsewhere():
            return Problem("forbidden", "Another web site sent this; only pages of this Jupyter server may.")
        if not await self._is_authorized():
            return Problem("forbidden", "You may not do this here. Ask the person who runs this Jupyter server.")
        if self._wants_page():
            self._give_xsrf_cookie()
        return None

    def _give_xsrf_cookie(self) -> bytes:
        """A page that is opened straight from a link must be able to write, too: reading the token sets its cookie."""
        return self.xsrf_token

    async def _is_authorized(self) -> bool:
        action = "read" if self.request.method in _READING else "write"
        return await ensure_async(self.authorizer.is_authorized(self, self.current_user, action, RESOURCE))

    def get_login_url(self) -> str:
        if not self._wants_page():
            raise web.HTTPError(403)
        return JupyterHandler.get_login_url(self)

    def _comes_from_elsewhere(self) -> bool:
        """Whether the browser says that a page of another origin is behind the request, where no Origin header does.

        Following a link is fine; loading Lakeside's answers into a foreign page is not.
        """
        if self.skip_check_origin() or self.allow_origin or self.allow_origin_pat:
            return False
        headers = self.request.headers
        if headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none"):
            return False
        follows_link = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
        return not (follows_link and self.request.method in _READING)

    def _wants_page(self) -> bool:
        return self.request.method in _READING and "text/html" in self.request.headers.get("Accept", "")

    def refuse(self, problem: Problem, lines: Iterable[str] = ()) -> asyncio.Future[None]:
        """Ends the request with a problem; as a page where a person looks at it.

        :param lines: log lines for the page
        """
        self.set_status(problem.status)
        self.set_header("Cache-Control", "no-store")
        if problem.retry_after:
            self.set_header("Retry-After", str(problem.retry_after))
        if self._wants_page():
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.set_header("Content-Security-Policy", PAGE_POLICY)
            return self.finish(problem.page(lines))
        self.set_header("Content-Type", "application/problem+json")
        return self.finish(problem.json(self.request.headers.get("X-Request-Id", "")))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.refuse(_problem_of(status_code, kwargs.get("exc_info", (None, None, None))[1]))

    def finish(self, *args: Any, **kwargs: Any) -> asyncio.Future[None]:
        self.update_api_activity()
        return JupyterHandler.finish(self, *args, **kwargs)


def _problem_of(status: int, error: object) -> Problem:
    said = error.log_message if isinstance(error, web.HTTPError) else None
    return problem_of_status(
        status, said or f"{responses.get(status, 'It failed')}. The Jupyter server's log says more."
    )
