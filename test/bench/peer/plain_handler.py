"""The peer of the front door: the same small answer, given by an ordinary handler of a Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web


class PlainHandler(APIHandler):
    """Checks sign-in and authorization as the handlers of Jupyter do, and answers by itself."""

    auth_resource = "lakeside"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish('{"live":true}')


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "plain_handler"}]


def _load_jupyter_server_extension(server: Any) -> None:
    path = url_path_join(server.web_app.settings["base_url"], "plain")
    server.web_app.add_handlers(".*$", [(path, PlainHandler)])
