"""Identity providers and authorizers for the tests; the servers under test import this by name."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth import Authorizer, IdentityProvider, User
from jupyter_server.services.contents.manager import ContentsManager
from tornado import web


class HeaderIdentity(IdentityProvider):
    """Takes whoever the header `X-Test-Person` names, as JSON."""

    async def get_user(self, handler: web.RequestHandler) -> User | None:  # type: ignore[override]
        person = handler.request.headers.get("X-Test-Person")
        return User(**json.loads(person)) if person else None


class ReadOnly(Authorizer):
    """Lets everybody read, and records nothing else."""

    async def is_authorized(  # type: ignore[override]
        self, handler: Any, user: User, action: str, resource: str
    ) -> bool:
        return resource != "lakeside" or action == "read"


class Closed(Authorizer):
    """Lets nobody into Lakeside."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        return resource != "lakeside"


class NoFiles(ContentsManager):
    """Contents that lie nowhere on this disk."""

    def dir_exists(self, path: str) -> bool:
        return True
