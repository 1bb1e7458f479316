"""Iceberg's catalogues, through pyiceberg."""

from __future__ import annotations

from typing import Any

from ..sources.errors import SourceError
from ..sources.record import Source
from ..sources.secret import read_secret
from .drivers import driver


def open_catalog(source: Source) -> Any:
    """The catalogue of a source of the kind `iceberg`.

    :raises SourceError: where it is none, or does not answer
    """
    if source.kind != "iceberg":
        raise SourceError(
            f"{source.id} is of the kind {source.kind}: only a source of the kind iceberg has a catalogue."
        )
    catalogs = driver("pyiceberg.catalog", source.id)
    try:
        catalog = catalogs.load_catalog(source.id, **_properties(source))
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(
            f"{source.id}: the catalogue does not answer ({brief(error)}). Check {source.place}."
        ) from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None
    _keep_frames(catalog)
    return catalog


def _keep_frames(catalog: Any) -> None:
    """What a failed request raises begins here: the frames below hold the token, and a traceback may show it."""
    session = getattr(catalog, "_session", None)
    if session is None:
        return
    ask = session.request

    def request(*given: Any, **options: Any) -> Any:
        try:
            return ask(*given, **options)
        except BaseException as error:
            failure = error
        del given, options
        failure.__context__ = failure.__cause__ = None
        raise failure.with_traceback(None)

    session.request = request


def _properties(source: Source) -> dict[str, str]:
    """pyiceberg's names of the settings, which are those of server/adapters/source-iceberg/settings.ts."""
    given = source.settings
    if not isinstance(given.get("uri"), str):
        raise SourceError(f"{source.place}: uri must be the address of the catalogue.")
    properties = {"type": "rest", "uri": given["uri"]}
    if isinstance(given.get("warehouse"), str):
        properties["warehouse"] = given["warehouse"]
    if "token" in given:
        properties["token"] = read_secret(given["token"], f"{source.place}: token")
    client = given.get("oauth")
    if isinstance(client, dict):
        place = f"{source.place}: oauth"
        name = client.get("clientId")
        identifier = name if isinstance(name, str) else read_secret(name, place)
        properties["credential"] = f"{identifier}:{read_secret(client.get('clientSecret'), place)}"
        properties["scope"] = str(client.get("scope", "catalog"))
        if isinstance(client.get("tokenUri"), str):
            properties["oauth2-server-uri"] = client["tokenUri"]
    data = given.get("data")
    if isinstance(data, dict) and isinstance(data.get("s3"), dict):
        properties.update(s3_properties(source, data["s3"]))
    return properties


def s3_properties(source: Source, given: dict[str, Any]) -> dict[str, str]:
    """pyiceberg's names of the settings of a bucket."""
    from ..sql.lake import s3_options

    options = s3_options(source, given)
    scheme = options.get("scheme", "https")
    named = {
        "s3.endpoint": options.get("endpoint_override") and f"{scheme}://{options['endpoint_override']}",
        "s3.region": options.get("region"),
        "s3.access-key-id": options.get("access_key"),
        "s3.secret-access-key": options.get("secret_key"),
        "s3.session-token": options.get("session_token"),
    }
    return {name: value for name, value in named.items() if value}


def brief(error: BaseException) -> str:
    """An error in a few words; whoever raises them takes secrets out."""
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else 'no reason given'}"
