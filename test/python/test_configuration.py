"""Which variables reach the sidecar because a configuration file refers to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lakeside import configuration
from lakeside.environment import sidecar_environment

KEYS = {"AWS_PROFILE": "p", "AWS_SECRET_ACCESS_KEY": "s", "WIKI_TOKEN": "w", "S3_KEY": "k", "OTHER": "o"}
Configured = Callable[[str, str], set[str]]


@pytest.fixture
def passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    def ask(own: str, policy: str = "") -> set[str]:
        (tmp_path / "lakeside").mkdir(exist_ok=True)
        (tmp_path / "lakeside" / "config.yml").write_text(own)
        (tmp_path / "policy.yml").write_text(policy)
        monkeypatch.setattr(configuration, "POLICY", str(tmp_path / "policy.yml"))
        environment = sidecar_environment("/home", 3, {**KEYS, "HOME": "/h", "XDG_CONFIG_HOME": str(tmp_path)})
        return set(environment) & set(KEYS)

    return ask


def test_none_without_a_reference(passed: Configured) -> None:
    assert passed("library: {kind: files, directory: /x}", "") == set()


def test_those_that_a_file_names(passed: Configured) -> None:
    key = "library: {kind: s3, bucket: b, credentials: {accessKeyId: {env: S3_KEY}, secretAccessKey: {file: /k}}}"
    targets = "targets: {wiki: {token: {env: WIKI_TOKEN}}, list: [{env: NOT_SET}]}"
    assert passed(key, targets) == {"S3_KEY", "WIKI_TOKEN"}


def test_those_of_aws_where_a_bucket_has_no_key(passed: Configured) -> None:
    assert passed("library: {kind: s3, bucket: b}", "") == {"AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"}
    assert passed("places: {s3: {buckets: [{bucket: b}]}}", "") == {"AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"}
    assert passed("sources: {a: {kind: files, bucket: {bucket: b}}}", "") == {"AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"}
    assert passed("sources: {a: {data: {s3: {region: x}}}}", "") == {"AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"}
    key = "credentials: {accessKeyId: {env: S3_KEY}, secretAccessKey: {file: /k}}"
    assert passed("sources: {a: {bucket: {" + key + ", bucket: b}}, b: {path: /x}, c: 1}", "") == {"S3_KEY"}
    assert passed("places: {s3: {" + key + ", buckets: [{bucket: b}]}}", "") == {"S3_KEY"}


@pytest.mark.parametrize("broken", ["library: {", "- 1", "env: [OTHER]", "{env: OTHER, file: x}", "\0", "a: &a [*a]"])
def test_none_of_a_file_that_is_wrong(passed: Configured, broken: str) -> None:
    assert passed(broken, "") == set()


def test_files_lie_where_xdg_says() -> None:
    def own(**given: str) -> str:
        return configuration.configuration_files({"HOME": "/h", **given})[1]

    assert own() == "/h/.config/lakeside/config.yml"
    assert own(XDG_CONFIG_HOME="/c") == "/c/lakeside/config.yml"
    assert own(XDG_CONFIG_HOME="c") == "/h/.config/lakeside/config.yml"
