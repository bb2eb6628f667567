"""A workspace whose models can be asked by a server of another process, since a module has them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import mispredict as mp
from mispredict.demo import STORIES

MODULE = '''
"""Models for a server to import."""
import time
from pathlib import Path

import joblib

boosting = joblib.load(Path(__file__).with_name("boosting.joblib"))


def slow(frame):
    time.sleep(0.2)
    return boosting.predict_proba(frame)


def wants(texts):
    p = [0.9 if "close" in text else 0.1 for text in texts]
    return [{"no": 1 - x, "yes": x} for x in p]
'''
TEXTS = ("please close my account", "where is my card", "thanks for the help", "close it at once")


def make(folder: Path) -> Path:
    """The workspace, beside the module `why_models` that its models are in."""
    import joblib

    story = STORIES["churn"]()
    joblib.dump(story.model, folder / "boosting.joblib")
    (folder / "why_models.py").write_text(MODULE)
    with mp.open(folder / "ws") as workspace:
        workspace.add_dataset(
            story.name, story.frame, label=story.label, id=story.id, positive=story.positive
        )
        workspace.add_model("boosting", "why_models:boosting")
        workspace.evaluate("boosting", story.name)
        classes = [str(name) for name in story.model.classes_]
        workspace.add_model("slow", "why_models:slow", classes=classes, version="1")
        workspace.evaluate("slow", story.name)
        said = pd.DataFrame(story.model.predict_proba(story.frame), columns=classes)
        said[story.id] = story.frame[story.id].to_numpy()
        workspace.add_predictions("known", story.name, said)
        texts = pd.DataFrame({"text": TEXTS * 30, "wish": ["yes", "no", "no", "no"] * 30})
        workspace.add_dataset("messages", texts, label="wish", types={"text": "text"})
        workspace.add_model("words", "why_models:wants", input="text", version="1")
        workspace.evaluate("words", "messages")
    return folder / "ws"
