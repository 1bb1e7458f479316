"""A person whose name is a payload, for the browser test of hostile notebooks."""

from __future__ import annotations

from jupyter_server.auth import User
from jupyter_server.auth.identity import PasswordIdentityProvider
from tornado.web import RequestHandler

NAME = "<img src=x onerror=alert('hit:owner')>"


class HostileIdentity(PasswordIdentityProvider):
    """Everybody with the token is that person."""

    def generate_anonymous_user(self, handler: RequestHandler) -> User:
        return User(NAME, NAME, NAME)
