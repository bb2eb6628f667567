"""Real HTTP model servers for the tests: MLflow's and KServe's protocols, and bad manners."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pandas as pd
import pytest


class ModelServer(ThreadingHTTPServer):
    """Serves an estimator; `script` holds what to do instead for the first requests."""

    daemon_threads = True

    def __init__(self, estimator, script=(), token=None, delay_s=0.0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.estimator, self.script, self.token = estimator, list(script), token
        self.delay_s = delay_s
        self.bodies, self.paths = [], []
        self.now = self.most = 0
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Connections that the client gave up are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        server = self.server
        with server.lock:
            server.now += 1
            server.most = max(server.most, server.now)
            step = server.script.pop(0) if server.script else None
        try:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.bodies.append(body)
            server.paths.append(self.path)
            if server.delay_s:
                time.sleep(server.delay_s)
            self.answer(body, step)
        finally:
            with server.lock:
                server.now -= 1

    def answer(self, body, step):
        if step == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif step == "hang":
            time.sleep(1.0)
            self.close_connection = True
        elif step == "garbage":
            self.send(200, b"<html>hello</html>")
        elif isinstance(step, (dict, list)):
            self.send(200, json.dumps(step).encode())
        elif isinstance(step, int):
            self.send(step, b'{"error": "as the script says"}')
        elif self.server.token and self.headers["Authorization"] != f"Bearer {self.server.token}":
            self.send(401, b"{}")
        else:
            self.predict(body)

    def predict(self, body):
        try:
            is_kserve = self.path.endswith("/infer")
            value = (
                kserve(self.server.estimator, body)
                if is_kserve
                else mlflow(self.server.estimator, body)
            )
            self.send(200, json.dumps(value).encode())
        except Exception as error:  # noqa: BLE001 - a server answers 500
            self.send(500, json.dumps({"error": str(error)}).encode())

    def send(self, status, data):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def mlflow(estimator, body):
    rows = (
        pd.DataFrame(**body["dataframe_split"])
        if "dataframe_split" in body
        else np.array(body["inputs"], dtype=object)
    )
    if isinstance(rows, pd.DataFrame) and "bad" in rows.to_numpy():
        raise ValueError("cannot use 'bad'")
    return {"predictions": estimator.predict_proba(rows).tolist()}


def kserve(estimator, body):
    """As MLServer answers: `predict` and `predict_proba` as tensors."""
    tensors = {
        item["name"]: np.array(item["data"]).reshape(item["shape"]) for item in body["inputs"]
    }
    if list(tensors) == ["input-0"] and tensors["input-0"].dtype.kind == "f":
        rows = tensors["input-0"]
    elif len(tensors) == 1 and body["inputs"][0]["datatype"] == "BYTES":
        rows = next(iter(tensors.values()))[:, 0].tolist()
    else:
        rows = pd.DataFrame({name: column[:, 0] for name, column in tensors.items()})
    labels, probabilities = estimator.predict(rows), estimator.predict_proba(rows)
    return {
        "model_name": "churn",
        "outputs": [
            {
                "name": "predict",
                "shape": [len(labels), 1],
                "datatype": "BYTES" if labels.dtype.kind in "UO" else "INT64",
                "data": labels.tolist(),
            },
            {
                "name": "predict_proba",
                "shape": list(probabilities.shape),
                "datatype": "FP64",
                "data": probabilities.ravel().tolist(),
            },
        ],
    }


@pytest.fixture
def serving():
    """Context manager that serves an estimator at a free port."""
    return _serving


@contextmanager
def _serving(estimator, **options):
    server = ModelServer(estimator, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)
