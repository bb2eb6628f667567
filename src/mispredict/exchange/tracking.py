"""A connection to an MLflow tracking store, whose failures say what to do."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from mispredict.core.errors import BadOption, MispredictError, MissingExtra

if TYPE_CHECKING:
    from mlflow import MlflowClient

_HINT = "tracking_uri='…', or the variable MLFLOW_TRACKING_URI"
_SQLITE = "sqlite:///"
_LONGEST = 700


def connect(
    uri: str | None = None, *, create: bool = False, timeout_s: float = 10.0
) -> MlflowClient:
    """A client of the tracking store, which has answered.

    MLflow itself retries for minutes when nobody listens at an address, and makes an empty
    database where a file is missing; both are looked at first.

    Args:
        uri: where the runs are; by default what MLflow is set to (`MLFLOW_TRACKING_URI`).
        create: make a missing SQLite database, as MLflow does.
        timeout_s: how long a server may take to answer at all.

    Raises:
        MissingExtra: MLflow is not installed.
        BadOption: there is no such store, or it does not answer.
    """
    try:
        from mlflow import MlflowClient, get_tracking_uri
    except ImportError as error:
        raise MissingExtra.of("mlflow", "mlflow", "An exchange with MLflow") from error
    place = absolute(uri or get_tracking_uri())
    if place.startswith(("http://", "https://")):
        _check_answers(place, timeout_s)
    elif place.startswith(_SQLITE) and not create:
        _check_exists(place)
    with asking(place), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MLflow's, of its own libraries
        return MlflowClient(place)


@contextmanager
def asking(place: str) -> Iterator[None]:
    """Turn whatever MLflow, its database or its network raise into an error of three parts."""
    try:
        yield
    except MispredictError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())
        shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
        raise BadOption(
            f"MLflow at {without_secrets(place)!r} did not do what was asked.",
            known=f"{type(error).__name__}: {shown}",
            hint=_HINT,
        ) from error


def absolute(uri: str) -> str:
    """The URI with paths that do not depend on the current folder.

    Example:
        >>> absolute("https://mlflow.example.org/")
        'https://mlflow.example.org'
    """
    if uri.startswith(("http://", "https://")):
        return uri.rstrip("/")
    if uri.startswith(_SQLITE):
        return f"{_SQLITE}{Path(uri.removeprefix(_SQLITE)).expanduser().resolve()}"
    is_folder = "://" not in uri and not uri.startswith(("file:", "databricks", "uc:"))
    return str(Path(uri).expanduser().resolve()) if is_folder else uri


def without_secrets(uri: str) -> str:
    """The URI without user and password, to be shown and stored.

    Example:
        >>> without_secrets("https://ada:secret@mlflow.example.org:5000/a")
        'https://mlflow.example.org:5000/a'
    """
    parts = urlsplit(uri)
    if "@" not in parts.netloc:
        return uri
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _check_answers(place: str, timeout_s: float) -> None:
    """Whether anything answers there, be it that the answer is no."""
    from http.client import HTTPException
    from ssl import SSLError
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    shown = without_secrets(place)
    try:
        urlopen(f"{shown}/health", timeout=timeout_s).close()
    except HTTPError as error:
        error.close()
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, SSLError):  # MLflow has its own settings for certificates
            return
        raise BadOption(
            f"no MLflow server answers at {shown!r}.", known=f"It said: {reason}.", hint=_HINT
        ) from error


def _check_exists(place: str) -> None:
    path = Path(place.removeprefix(_SQLITE))
    if not path.exists():
        raise BadOption(
            f"there is no MLflow database {str(path)!r}.",
            known="Without a tracking URI, MLflow looks in the current folder.",
            hint=_HINT,
        )
