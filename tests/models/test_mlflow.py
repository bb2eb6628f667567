"""Real models of MLflow: loaded, and served by `mlflow models serve`.

They run in the interpreter that MISPREDICT_MLFLOW_PYTHON names, since MLflow pins older
versions of libraries than we test with; else in this one, if it has MLflow.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mispredict.core.task import Task, TaskKind
from mispredict.models import run, wrap

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[2] / "src"
TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")

SAVE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow.sklearn, numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
folder = sys.argv[1]
frame = pd.read_csv(folder + "/rows.csv")
columns = make_column_transformer((OrdinalEncoder(), ["country"]), remainder="passthrough")
model = make_pipeline(columns, HistGradientBoostingClassifier(max_iter=5))
model.fit(frame, np.where(frame["age"] > 40, "yes", "no"))
signature = mlflow.models.infer_signature(frame, model.predict_proba(frame))
mlflow.sklearn.save_model(
    model, folder + "/model", signature=signature, pyfunc_predict_fn="predict_proba",
    serialization_format="cloudpickle",
)
json.dump(model.predict_proba(frame).tolist(), open(folder + "/expected.json", "w"))
"""

ADAPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
from mispredict.core.task import Task, TaskKind
from mispredict.models import run, wrap
model = wrap("mlflow:" + sys.argv[1] + "/model", classes=("no", "yes"))
task = Task(TaskKind.BINARY, ("no", "yes"), "yes")
found = run(model, pd.read_csv(sys.argv[1] + "/rows.csv"), task=task)
again = wrap("mlflow:" + sys.argv[1] + "/model", classes=("no", "yes"))
print(json.dumps({
    "probabilities": found.probabilities.tolist(), "about": model.describe(),
    "fingerprints": [model.fingerprint(), again.fingerprint()],
}))
"""


@pytest.fixture(scope="module")
def mlflow_python():
    given = os.environ.get("MISPREDICT_MLFLOW_PYTHON")
    if given is None and importlib.util.find_spec("mlflow") is None:
        pytest.skip("no MLflow: set MISPREDICT_MLFLOW_PYTHON to an interpreter that has it")
    return given or sys.executable


@pytest.fixture(scope="module")
def saved(mlflow_python, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    rng = np.random.default_rng(4)
    age = np.where(rng.random(200) < 0.1, np.nan, rng.normal(40, 15, 200).round(1))
    frame = pd.DataFrame({"age": age, "country": rng.choice(["France", "Spain"], 200)})
    frame.to_csv(folder / "rows.csv", index=False)
    call(mlflow_python, SAVE, folder)
    return folder, frame, np.array(json.loads((folder / "expected.json").read_text()))


def environment():
    return {**os.environ, "PYTHONPATH": str(SOURCE), "MLFLOW_DISABLE_TELEMETRY": "true"}


def call(python, code, folder):
    done = subprocess.run(
        [python, "-c", code, str(folder)], capture_output=True, text=True, env=environment(),
        check=False, cwd=folder, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pyfunc_by_uri(mlflow_python, saved):
    folder, _, expected = saved
    found = json.loads(call(mlflow_python, ADAPT, folder).splitlines()[-1])
    np.testing.assert_allclose(found["probabilities"], expected)
    assert found["about"]["columns"] == ["age", "country"]
    assert {"mlflow", "mlflow-skinny"} & found["about"]["libraries"].keys()
    assert found["fingerprints"][0] == found["fingerprints"][1] is not None


def test_mlflow_models_serve(mlflow_python, saved):
    import httpx

    folder, frame, expected = saved
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        mlflow_python, "-m", "mlflow", "models", "serve", "-m", str(folder / "model"),
        "-h", "127.0.0.1", "-p", str(port), "--env-manager", "local",
    ]  # fmt: skip
    log = (folder / "server.log").open("w")
    path = f"{Path(mlflow_python).parent}{os.pathsep}{os.environ['PATH']}"
    server = subprocess.Popen(
        command, env={**environment(), "PATH": path}, stdout=log, stderr=log, cwd=folder,
        start_new_session=True,
    )  # fmt: skip
    try:
        await_server(httpx, f"http://127.0.0.1:{port}/ping", server, folder / "server.log")
        model = wrap(f"http://127.0.0.1:{port}", classes=("no", "yes"), concurrency=2)
        found = run(model, frame, task=TASK, batch_rows=80)
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)
        log.close()
    np.testing.assert_allclose(found.probabilities, expected)
    assert found.usage.calls == 3


def await_server(httpx, url, server, log):
    deadline, pause = time.monotonic() + 120, threading.Event()
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pause.wait(0.2)
    pytest.fail(f"the server did not start: {log.read_text()}")
