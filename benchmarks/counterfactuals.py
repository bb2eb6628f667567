"""Counterfactual search beside its peers: same model, same rows, judged alike in one run.

    python benchmarks/counterfactuals.py [--rows 50] [--sets churn,adult,bank] [--tools ours,…]
        [--python alibi=PATH]

Three public data sets, each with gradient boosting. Rows are drawn from the test set among those
predicted as the undesired class; every tool is asked for three counterfactuals a row, with all
features free and at most `--timeout` seconds a row. Each answer is predicted again by the model
here, and judged by one measure: distance in robust standard deviations (another category counts
as 1), changed features, and plausibility (share of real rows of the wanted class that are at
least as far from their five nearest as the answer is). alibi needs its own interpreter.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SETS = {"churn": ("Yes", "No"), "adult": ("<=50K", ">50K"), "bank": ("no", "yes")}
TOOLS = ("ours", "dice random", "dice genetic", "dice kdtree", "alibi prototype")
ANSWERS = 3
TRAIN_ROWS = 12_000


def main() -> None:
    """Run every tool on every set and print the table."""
    arguments = parsed()
    if arguments.worker:
        work(arguments)
        return
    interpreters = dict(pair.split("=", 1) for pair in arguments.python)
    print(
        "| data | tool | rows | success | valid | distance | changed | plausibility | in range "
        "| CPU s a row | model rows a row |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    for name in arguments.sets.split(","):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            prepare(name, folder, arguments.rows)
            for tool in arguments.tools.split(","):
                judge(name, tool.strip(), folder, interpreters, arguments.timeout)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds a row, on average")
    parser.add_argument("--worker", default="")
    parser.add_argument("--folder", default="")
    return parser.parse_args()


def prepare(name: str, folder: Path, rows: int) -> None:
    """Write the train and test rows, and which of the latter are asked about."""
    import numpy as np

    train, test, label = frames(name)
    undesired, _ = SETS[name]
    model = fitted(train.drop(columns=label), train[label])
    inputs = test.drop(columns=label)
    said = model.predict(inputs)
    of = np.flatnonzero(said == undesired)
    chosen = np.sort(np.random.default_rng(0).choice(of, min(rows, len(of)), replace=False))
    train.to_csv(folder / "train.csv", index=False)
    inputs.iloc[chosen].to_csv(folder / "asked.csv", index=False)
    facts = {"label": label, "numbers": numbers(train.drop(columns=label)), "set": name}
    (folder / "facts.json").write_text(json.dumps(facts))


def frames(name: str):
    """Train and test rows without missing values, truth values as words, and the label."""
    from mispredict.demo import data

    if name == "churn":
        whole, label = data.telco_churn(), "churn"
    elif name == "adult":
        train, test = data.adult_income()
        import pandas as pd

        whole, label = pd.concat([train, test], ignore_index=True).drop(columns="fnlwgt"), "income"
    else:
        whole, label = data.bank_marketing().drop(columns=["duration", "date"]), "y"
    whole = whole.dropna()
    for column in whole:
        if whole[column].dtype == bool:
            whole[column] = whole[column].map({True: "yes", False: "no"})
    whole = whole.sample(frac=1, random_state=0).reset_index(drop=True)
    half = min(int(len(whole) * 0.6), TRAIN_ROWS)
    return whole.iloc[:half].reset_index(drop=True), whole.iloc[half:].reset_index(drop=True), label


def numbers(inputs) -> list[str]:
    return list(inputs.select_dtypes("number").columns)


def fitted(inputs, label):
    """Gradient boosting as in the demos; it needs scikit-learn alone, in any interpreter."""
    import numpy as np
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    numeric = numbers(inputs)
    words = [name for name in inputs if name not in numeric]
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = make_column_transformer((codes, words), ("passthrough", numeric))
    trees = HistGradientBoostingClassifier(
        categorical_features=list(range(len(words))), random_state=0
    )
    return make_pipeline(columns, trees).fit(inputs, label)


def judge(name: str, tool: str, folder: Path, interpreters: dict[str, str], timeout: float) -> None:
    """Run the tool in a process of its own and print its line."""
    python = interpreters.get(tool.split(maxsplit=1)[0], sys.executable)
    command = [python, __file__, "--worker", tool, "--folder", str(folder)]
    command += ["--timeout", str(timeout)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    if not lines:
        why = (run.stderr.strip().splitlines() or ["said nothing"])[-1]
        print(f"| {name} | {tool} | fails: {why[:90]} |", flush=True)
        return
    print(f"| {name} | {tool} | {line_of(json.loads(lines[-1]), folder)} |", flush=True)


def line_of(told: dict, folder: Path) -> str:
    """The cells of a tool: its answers predicted again here, and measured."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from mispredict.core.schema import ColumnType
    from mispredict.explain.counterfactuals.search_plausible import Crowd
    from mispredict.explain.counterfactuals.search_space import Space, differs

    train, asked, label, wanted = loaded(folder)
    inputs = train.drop(columns=label)
    model = fitted(inputs, train[label])
    n = told["rows"]
    made = pd.read_json(io.StringIO(told["answers"]), orient="split", dtype=False)
    if not len(made):
        return f"{n} | 0.00 | – | – | – | – | – | {told['seconds'] / n:.2f} | {told['asked']}"
    owner = made.pop("owner").to_numpy().astype(int)
    made = made[list(inputs.columns)]
    for column in inputs:
        is_number = column in numbers(inputs)
        made[column] = made[column].astype(inputs[column].dtype if is_number else str)
    valid = model.predict(made) == wanted
    table = pa.Table.from_pandas(inputs, preserve_index=False)
    kinds = {
        column: ColumnType.NUMERIC if column in numbers(inputs) else ColumnType.CATEGORICAL
        for column in inputs
    }
    space = Space.of(table, kinds)
    own, new = (
        space.encode(pa.Table.from_pandas(part, preserve_index=False))
        for part in (asked.iloc[owner], made)
    )
    pool = space.encode(table)[model.predict(inputs) == wanted]
    plausible = Crowd(space, np.arange(len(pool)), pool.__getitem__).plausibility(new)
    distance = space.differences(new, own).sum(axis=1)
    changed = differs(new, own).sum(axis=1)
    low, high = (np.array([getattr(f, end) for f in space.features]) for end in ("low", "high"))
    inside = (~space.is_number | ((new >= low) & (new <= high))).all(axis=1)
    best = [np.flatnonzero(valid & (owner == row)) for row in range(n)]
    best = [rows[distance[rows].argmin()] for rows in best if len(rows)]
    cells = [
        f"{n}",
        f"{len(best) / n:.2f}",
        f"{valid.mean():.3f}",
        f"{distance[best].mean():.2f}",
        f"{changed[best].mean():.1f}",
        f"{plausible[best].mean():.2f}",
        f"{inside[best].mean():.2f}",
        f"{told['seconds'] / n:.2f}",
        str(told["asked"]),
    ]
    return " | ".join(cells)


def loaded(folder: Path):
    import pandas as pd

    facts = json.loads((folder / "facts.json").read_text())
    words = {"keep_default_na": False}
    train = pd.read_csv(folder / "train.csv", **words)
    asked = pd.read_csv(folder / "asked.csv", **words)
    for name in facts["numbers"]:
        asked[name] = asked[name].astype(train[name].dtype)
    return train, asked, facts["label"], SETS[facts["set"]][1]


def work(arguments: argparse.Namespace) -> None:
    """Make the answers of one tool, and print them with the seconds they took."""
    warnings.filterwarnings("ignore")
    train, asked, label, wanted = loaded(Path(arguments.folder))
    model = Counting(fitted(train.drop(columns=label), train[label]))
    makers = {"ours": ours, "dice": dice, "alibi": alibi}
    kind, _, way = arguments.worker.partition(" ")
    answers, rows, seconds = makers[kind](
        model, train, asked, label, wanted, way, arguments.timeout
    )
    told = {
        "answers": answers.to_json(orient="split", index=False) if len(answers) else "[]",
        "rows": rows,
        "seconds": seconds,
        "asked": round(model.rows / max(rows, 1)),
    }
    if not len(answers):
        told["answers"] = '{"columns": [], "data": []}'
    print("\n" + json.dumps(told))


class Counting:
    """The model, counting the rows that it is asked about."""

    def __init__(self, model) -> None:
        self.model, self.rows, self.classes_ = model, 0, model.classes_

    def predict_proba(self, inputs):
        self.rows += len(inputs)
        return self.model.predict_proba(inputs)

    def predict(self, inputs):
        self.rows += len(inputs)
        return self.model.predict(inputs)


def ours(model, train, asked, label, wanted, way, timeout):
    import pandas as pd

    import mispredict as mp

    with tempfile.TemporaryDirectory() as place, mp.open(place) as ws:
        numeric = numbers(asked)
        kinds = {name: "numeric" if name in numeric else "categorical" for name in asked}
        whole = pd.concat([asked.assign(**{label: wanted}), train], ignore_index=True)
        ws.add_dataset("data", whole, label=label, types=kinds, id=None)
        ws.add_model("model", lambda frame: frame_of(model, frame), version="1")
        ev = ws.evaluate("model", "data")
        rows = list(range(len(asked)))
        ev.counterfactuals(rows[:2], target=wanted, k=ANSWERS, seed=9)  # load the compiled loops
        model.rows = 0
        started = time.process_time()
        found = ev.counterfactuals(rows, target=wanted, k=ANSWERS)
        seconds = time.process_time() - started
    made = []
    for row in found.rows:
        record = asked.iloc[row.row].to_dict()
        record |= {change.column: change.after for change in row.changes}
        made.append({**record, "owner": row.row})
    return pd.DataFrame(made), len(asked), seconds


def frame_of(model, frame):
    import pandas as pd

    return pd.DataFrame(model.predict_proba(frame), columns=list(model.classes_))


def dice(model, train, asked, label, wanted, way, timeout):
    import dice_ml
    import pandas as pd

    numeric = numbers(asked)
    code = list(model.classes_).index(wanted)
    data = train.assign(**{label: (train[label] == wanted).astype(int)})
    if code == 0:
        model.flip = True
    holder = dice_ml.Data(dataframe=data, continuous_features=numeric, outcome_name=label)
    wrapped = dice_ml.Model(model=Binary(model, code), backend="sklearn")
    explainer = dice_ml.Dice(holder, wrapped, method=way)
    made, done, started, begun = [], 0, time.process_time(), time.perf_counter()
    model.rows = 0
    for row in range(len(asked)):
        if time.perf_counter() - begun > timeout * len(asked):
            break
        done += 1
        options = {"random_seed": 0} if way == "random" else {}
        try:
            found = explainer.generate_counterfactuals(
                asked.iloc[[row]], total_CFs=ANSWERS, desired_class=1, verbose=False, **options
            )
        except Exception as error:  # noqa: BLE001 - it raises where it finds nothing
            print(f"row {row}: {error}", file=sys.stderr)
            continue
        frame = found.cf_examples_list[0].final_cfs_df
        if frame is not None:
            made.append(frame.drop(columns=label).assign(owner=row))
    seconds = time.process_time() - started
    return (pd.concat(made, ignore_index=True) if made else pd.DataFrame()), done, seconds


class Binary:
    """The model with the wanted class as 1."""

    classes_ = (0, 1)

    def __init__(self, model, code: int) -> None:
        self.model, self.code = model, code

    def predict_proba(self, inputs):
        found = self.model.predict_proba(inputs)
        return found if self.code == 1 else found[:, ::-1]

    def predict(self, inputs):
        return (self.predict_proba(inputs)[:, 1] >= 0.5).astype(int)


def alibi(model, train, asked, label, wanted, way, timeout):
    """CounterfactualProto with k-d trees and ordinal categories: its black-box method."""
    import contextlib

    import numpy as np
    import pandas as pd
    import tensorflow as tf

    tf.compat.v1.disable_eager_execution()
    from alibi.explainers import CounterfactualProto

    inputs = train.drop(columns=label)
    numeric = numbers(inputs)
    words = [name for name in inputs if name not in numeric]
    values = {name: sorted(inputs[name].unique()) for name in words}
    order = [*words, *numeric]
    low, high = inputs[numeric].min().to_numpy(float), inputs[numeric].max().to_numpy(float)
    span = np.where(high > low, high - low, 1.0)

    def encoded(frame):
        parts = [frame[name].map(values[name].index).fillna(0).to_numpy(float) for name in words]
        scaled = (frame[numeric].to_numpy(float) - low) / span
        return np.column_stack([*parts, scaled]).astype(np.float32)

    def decoded(matrix):
        columns = {}
        for at, name in enumerate(words):
            codes = np.clip(np.round(matrix[:, at]), 0, len(values[name]) - 1).astype(int)
            columns[name] = np.array(values[name], dtype=object)[codes]
        scaled = matrix[:, len(words) :] * span + low
        for at, name in enumerate(numeric):
            column = np.round(scaled[:, at]) if inputs[name].dtype.kind == "i" else scaled[:, at]
            columns[name] = column.astype(inputs[name].dtype)
        return pd.DataFrame(columns)[list(inputs.columns)]

    def predict(matrix):
        return model.predict_proba(decoded(np.atleast_2d(matrix)))

    shape = (1, len(order))
    explainer = CounterfactualProto(
        predict, shape, use_kdtree=True, theta=10.0, max_iterations=100, c_steps=3,
        feature_range=(
            np.zeros(shape, np.float32),
            np.array([[*(len(values[n]) - 1 for n in words), *(1.0 for _ in numeric)]], np.float32),
        ),
        cat_vars={at: len(values[name]) for at, name in enumerate(words)}, ohe=False,
    )  # fmt: skip
    explainer.fit(encoded(inputs), d_type="abdm", disc_perc=[25, 50, 75])
    code = list(model.classes_).index(wanted)
    made, done, started, begun = [], 0, time.process_time(), time.perf_counter()
    model.rows = 0
    matrix = encoded(asked)
    for row in range(len(asked)):
        if time.perf_counter() - begun > timeout * len(asked):
            break
        done += 1
        with contextlib.suppress(Exception):
            found = explainer.explain(matrix[row : row + 1], target_class=[code])
            if found.cf is not None:
                made.append(decoded(found.cf["X"]).assign(owner=row))
    seconds = time.process_time() - started
    return (pd.concat(made, ignore_index=True) if made else pd.DataFrame()), done, seconds


if __name__ == "__main__":
    main()
