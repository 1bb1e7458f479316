"""What the configuration files need of this process's environment. The sidecar reads and checks the files itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

POLICY = "/etc/lakeside/config.yml"

_DEEPEST = 16


def configuration_files(given: Mapping[str, str] = os.environ) -> list[str]:
    """Where configuration files may be, the organisation's first; the same places as server/config.ts names."""
    chosen = given.get("XDG_CONFIG_HOME", "")
    base = chosen if os.path.isabs(chosen) else os.path.join(given.get("HOME") or os.path.expanduser("~"), ".config")
    return [POLICY, os.path.join(base, "lakeside", "config.yml")]


def wanted_variables(given: Mapping[str, str] = os.environ) -> set[str]:
    """The variables that configuration files refer to.

    Those of ``{env: NAME}``, and AWS's own where a bucket is chosen without a key. A file that cannot be read names
    none: the sidecar says what is wrong with it.
    """
    names: set[str] = set()
    for file in configuration_files(given):
        content = _read(file)
        names.update(_references(content))
        if _takes_key_from_aws(content):
            names.update(name for name in given if name.startswith("AWS_"))
    return names


def has_profiles(given: Mapping[str, str] = os.environ) -> bool:
    """Whether a configuration file names a profile of credentials."""
    return any(_part(_read(file), "profiles") for file in configuration_files(given))


def _read(file: str) -> object:
    if not os.path.isfile(file):
        return None
    import yaml

    try:
        with Path(file).open(encoding="utf-8") as stream:
            return yaml.safe_load(stream)
    except (OSError, ValueError, yaml.YAMLError):
        return None


def _references(content: object, depth: int = 0) -> Iterator[str]:
    # YAML may refer to itself.
    if depth > _DEEPEST:
        return
    if isinstance(content, dict):
        name = content.get("env")
        if len(content) == 1 and isinstance(name, str):
            yield name
        for value in content.values():
            yield from _references(value, depth + 1)
    elif isinstance(content, list):
        for value in content:
            yield from _references(value, depth + 1)


def _takes_key_from_aws(content: object) -> bool:
    library = _part(content, "library")
    buckets = [library] if library.get("kind") == "s3" else []
    buckets.append(_part(content, "places", "s3"))
    for name in _part(content, "sources"):
        buckets += [_part(content, "sources", name, "bucket"), _part(content, "sources", name, "data", "s3")]
    return any(bucket and "credentials" not in bucket for bucket in buckets)


def _part(content: object, *path: str) -> dict[str, object]:
    """A mapping within a configuration; an empty one where there is none."""
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}
