"""Who a request comes from, in Lakeside's words."""

from __future__ import annotations

import functools
import os
import pwd
import re

from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.identity import PasswordIdentityProvider
from jupyter_server.base.call_context import CallContext


def name_of(user: User, provider: IdentityProvider) -> tuple[str, str]:
    """The lasting name of a signed-in person and the name to show.

    Jupyter's default provider knows nobody: each browser that has the token is "Anonymous Ananke" or the like for as
    long as its cookie lasts. What is shared must keep its owner longer than that, so such a person is the account
    that runs the server, as on the command line.
    """
    if isinstance(provider, PasswordIdentityProvider) and _is_made_up(user):
        return account()
    return user.username, user.display_name or user.name or user.username


def saver(provider: IdentityProvider) -> tuple[str, str]:
    """Who makes the request that is being answered; the account where there is none."""
    handler = CallContext.get(CallContext.JUPYTER_HANDLER)
    user = getattr(handler, "current_user", None)
    return name_of(user, provider) if isinstance(user, User) else account()


@functools.cache
def account() -> tuple[str, str]:
    """Login name and full name of the account that runs this process."""
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:  # a container with a user id nobody has entered
        name = os.environ.get("USER") or str(os.getuid())
        return name, name
    return entry.pw_name, entry.pw_gecos.partition(",")[0].strip() or entry.pw_name


def _is_made_up(user: User) -> bool:
    return user.name.startswith("Anonymous ") and re.fullmatch("[0-9a-f]{32}", user.username) is not None
