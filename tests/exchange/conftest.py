"""A real MLflow tracking store in a temporary folder, with runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mispredict.exchange.tracking import connect


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URI of a tracking store; what MLflow is set to stays as it was."""
    pytest.importorskip("mlflow")
    folder = tmp_path_factory.mktemp("mlflow")
    uri = f"sqlite:///{folder}/mlflow.db"
    client = connect(uri, create=True)
    for name in ("churn", "mispredict", "figures"):
        client.create_experiment(name, artifact_location=str(folder / name))
    yield uri


@pytest.fixture(scope="session")
def client(store: str) -> Any:
    return connect(store)


@pytest.fixture
def experiment(client: Any) -> str:
    return str(client.get_experiment_by_name("churn").experiment_id)
