"""What pyiceberg is given for a source of the kind iceberg, by the names of the configuration's schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakeside.sources.errors import SourceError
from lakeside.sources.record import Source
from lakeside.toolbox.iceberg import _properties

ROOT = Path(__file__).parents[3]


def test_a_client_and_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "Secret-of-the-client")
    monkeypatch.setenv("BUCKET_SECRET", "Secret-of-the-bucket")
    settings = {
        "uri": "http://catalog.example.org/iceberg",
        "warehouse": "main",
        "oauth": {
            "clientId": "lakeside",
            "clientSecret": {"env": "CLIENT_SECRET"},
            "tokenUri": "http://a.example.org/t",
        },
        "data": {
            "s3": {
                "endpoint": "http://s3.example.org",
                "credentials": {"accessKeyId": "AKID", "secretAccessKey": {"env": "BUCKET_SECRET"}},
            }
        },
    }
    assert _properties(Source("ice", "iceberg", settings, "here")) == {
        "type": "rest",
        "uri": "http://catalog.example.org/iceberg",
        "warehouse": "main",
        "credential": "lakeside:Secret-of-the-client",
        "scope": "catalog",
        "oauth2-server-uri": "http://a.example.org/t",
        "s3.endpoint": "http://s3.example.org",
        "s3.region": "us-east-1",
        "s3.access-key-id": "AKID",
        "s3.secret-access-key": "Secret-of-the-bucket",
    }


def test_a_token_that_is_not_there_is_named_by_its_reference() -> None:
    with pytest.raises(SourceError, match="NOT_SET_ANYWHERE"):
        _properties(Source("ice", "iceberg", {"uri": "http://c", "token": {"env": "NOT_SET_ANYWHERE"}}, "here"))


def test_the_keys_are_those_of_the_schema() -> None:
    schema = json.loads((ROOT / "docs/operators/config.schema.json").read_text())
    kinds = schema["properties"]["sources"]["additionalProperties"]["oneOf"]
    [iceberg] = [kind for kind in kinds if kind["properties"]["kind"].get("const") == "iceberg"]
    assert {"uri", "warehouse", "token", "oauth", "data"} <= iceberg["properties"].keys()
    assert {"clientId", "clientSecret", "scope", "tokenUri"} == iceberg["properties"]["oauth"]["properties"].keys()
