"""The behavioural tests of CheckList on a sentiment model: a table of failure rates.

    python benchmarks/checklist.py [--write]

After Ribeiro, Wu, Guestrin and Singh, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList" (ACL 2020), table 1: capabilities × minimum functionality (MFT), invariance (INV) and
directional (DIR) tests. The models are trained here on the texts that people rated for VADER:
words and word pairs, and runs of letters. `--write` puts the table into docs/concepts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

import mispredict as mp
from mispredict.demo.data import vader_texts
from mispredict.metrics.intervals import wilson
from mispredict.perturb import apply

PAGE = Path(__file__).parents[1] / "docs" / "concepts" / "checklist.md"
CLASSES = ("negative", "neutral", "positive")
N, SEED, TOLERANCE = 500, 0, 0.1
Predict = Callable[[Sequence[str]], np.ndarray]
Test = Callable[[Predict], np.ndarray]  # 1 where the model fails


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    capability: str
    kind: str
    name: str
    example: str
    test: Test


def sentiment() -> pd.DataFrame:
    """Rated texts with a label: beyond ±0.5 on a scale from −4 to 4 is an opinion."""
    frame = vader_texts()
    rating = frame["mean_rating"].to_numpy()
    label = np.where(rating < -0.5, CLASSES[0], np.where(rating > 0.5, CLASSES[2], CLASSES[1]))
    is_test = pd.util.hash_pandas_object(frame["document"], index=False) % 5 == 0
    return frame[["text"]].assign(label=label, is_test=is_test.to_numpy())


def models(train: pd.DataFrame) -> dict[str, Predict]:
    """Two models of the same texts, answering with probabilities."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    kinds = {
        "words": TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        "letters": TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True, max_features=60_000
        ),
    }
    found: dict[str, Predict] = {}
    for name, words in kinds.items():
        model = make_pipeline(words, LogisticRegression(C=4, max_iter=200))
        model.fit(train["text"], train["label"])
        assert tuple(model.classes_) == CLASSES
        found[name] = model.predict_proba
    return found


def expected(text: str | list[str], *wanted: str, **words: Any) -> Test:
    """Fills of a template get one of the wanted labels."""
    fills = mp.template(text, **words)
    texts = fills.fill(min(N, fills.size), SEED).to_frame()["text"].tolist()
    places = [CLASSES.index(label) for label in wanted]
    return lambda predict: ~np.isin(predict(texts).argmax(axis=1), places)


def invariant(texts: list[str], name: str, **options: Any) -> Test:
    """Perturbed texts get the label they had; only texts that change count."""
    altered = apply(name, texts, 0.2, SEED, **options)
    before = [text for text, hit in zip(texts, altered.is_changed, strict=True) if hit][:N]
    after = [text for text, hit in zip(altered.after, altered.is_changed, strict=True) if hit][:N]
    return lambda predict: predict(before).argmax(axis=1) != predict(after).argmax(axis=1)


def same_in_set(text: str, vary: str, sets: int = 60) -> Test:
    """All words in one place give the same label: a set fails when any of its rows differs."""
    frame = mp.template(text).fill(sets, SEED, vary=vary).to_frame()
    texts = frame["text"].tolist()

    def test(predict: Predict) -> np.ndarray:
        said = pd.Series(predict(texts).argmax(axis=1)).groupby(frame["set"].to_numpy())
        return np.asarray(said.nunique() > 1)

    return test


def not_worse(texts: list[str], added: str, place: int) -> Test:
    """A phrase put after texts does not take a tenth from the chance of its own class."""
    drawn = texts[:N]
    after = [f"{text} {added}" for text in drawn]
    return lambda predict: predict(after)[:, place] < predict(drawn)[:, place] - TOLERANCE


def lines(texts: list[str]) -> list[Line]:
    """The tests; `texts` are real ones that no model was trained on."""
    good, bad = "{adjective:positive}", "{adjective:negative}"
    places = [text for text in texts if apply("location_swap", [text], 1).is_changed[0]]
    mft, inv, dir_ = "MFT", "INV", "DIR"
    return [
        Line(
            "Vocabulary",
            mft,
            "Short sentences with neutral words",
            "This is a private flight.",
            expected("This is {a adjective:neutral} {service}.", "neutral"),
        ),
        Line(
            "Vocabulary",
            mft,
            "Short sentences with words of opinion",
            "I love this food.",
            expected_pairs(),
        ),
        Line(
            "Vocabulary",
            dir_,
            "“I love it.” after a text: not less positive",
            "… I love it.",
            not_worse(texts, "I love it.", 2),
        ),
        Line(
            "Vocabulary",
            dir_,
            "“I hate it.” after a text: not less negative",
            "… I hate it.",
            not_worse(texts, "I hate it.", 0),
        ),
        Line(
            "Robustness",
            inv,
            "Links and handles put after",
            "… @j5hf3l05",
            invariant(texts, "link_append"),
        ),
        Line("Robustness", inv, "Punctuation left out", "", invariant(texts, "punctuation_drop")),
        Line(
            "Robustness", inv, "Typos: letters swapped", "thnak you", invariant(texts, "typo_swap")
        ),
        Line("Robustness", inv, "Typos: keyboard", "thamk you", invariant(texts, "typo_keyboard")),
        Line(
            "Robustness",
            inv,
            "Contractions expanded or made",
            "don't → do not",
            invariant(texts, "expand | contract"),
        ),
        Line("Taxonomy", inv, "Synonyms", "movie → film", invariant(texts, "synonyms")),
        Line(
            "Names",
            inv,
            "Other first names in a template",
            "{name} wrote that …",
            same_in_set("{name} wrote that the {service} was {adjective}.", "name"),
        ),
        Line(
            "Places",
            inv,
            "Other cities and countries",
            "Paris → Tokyo",
            invariant(places, "location_swap"),
        ),
        Line(
            "Numbers",
            inv,
            "Other numbers",
            "in 2 days → in 7 days",
            invariant(texts, "number_change"),
        ),
        Line(
            "Temporal",
            mft,
            "Then bad, now good",
            "I used to hate this film, but now I love it.",
            expected(
                "I used to {verb:negative} this {film}, but now I {verb:positive} it.", "positive"
            ),
        ),
        Line(
            "Temporal",
            mft,
            "Then good, now bad",
            "I used to love this film, but now I hate it.",
            expected(
                "I used to {verb:positive} this {film}, but now I {verb:negative} it.", "negative"
            ),
        ),
        Line(
            "Negation",
            mft,
            "Negated negative: positive or neutral",
            "The food is not poor.",
            expected(f"The {{service}} is not {bad}.", "positive", "neutral"),
        ),
        Line(
            "Negation",
            mft,
            "Negated neutral: neutral",
            "This is not a private flight.",
            expected("This is not {a adjective:neutral} {service}.", "neutral"),
        ),
        Line(
            "Negation",
            mft,
            "Negated positive: negative or neutral",
            "It wasn't a lovely hotel.",
            expected("It wasn't {a adjective:positive} {service}.", "negative", "neutral"),
        ),
        Line(
            "Negation",
            mft,
            "Negation of positive at the end",
            "I thought the food would be great, but it wasn't.",
            expected(
                f"I thought the {{service}} would be {good}, but it wasn't.", "negative", "neutral"
            ),
        ),
        Line(
            "Fairness",
            inv,
            "Nationality",
            "Ana is a Polish nurse.",
            same_in_set("{name} is a {nationality} {profession}.", "nationality"),
        ),
        Line(
            "Fairness",
            inv,
            "Religion",
            "Ana is a Hindu.",
            same_in_set("{name} is {a religion} {profession}.", "religion"),
        ),
        Line(
            "Fairness",
            inv,
            "Sexual orientation",
            "Ana is a gay nurse.",
            same_in_set("{name} is {a orientation} {profession}.", "orientation"),
        ),
        Line(
            "Fairness",
            inv,
            "Ethnicity",
            "Ana is an Asian nurse.",
            same_in_set("{name} is {a ethnicity} {profession}.", "ethnicity"),
        ),
        Line("Fairness", inv, "Gender, in real texts", "she → he", invariant(texts, "gender_swap")),
        Line(
            "Roles (SRL)",
            mft,
            "The author's opinion counts more",
            "Some people hate this film, but I love it.",
            expected(
                ["Some people {verb:negative} this {film}, but I {verb:positive} it."], "positive"
            ),
        ),
        Line(
            "Roles (SRL)",
            mft,
            "Question and answer yes",
            "Do I think the food was bad? Yes.",
            expected(f"Do I think the {{service}} was {bad}? Yes.", "negative"),
        ),
        Line(
            "Roles (SRL)",
            mft,
            "Question and answer no",
            "Do I think the food was great? No.",
            expected(f"Do I think the {{service}} was {good}? No.", "negative", "neutral"),
        ),
    ]


def expected_pairs() -> Test:
    """Sentences with adjectives and verbs of opinion get its label."""
    parts = [
        expected("The {service} was {adjective:positive}.", "positive"),
        expected("The {service} was {adjective:negative}.", "negative"),
        expected("I {verb:positive} this {film}.", "positive"),
        expected("I {verb:negative} this {film}.", "negative"),
    ]
    return lambda predict: np.concatenate([part(predict) for part in parts])


def table() -> str:
    """The table as Markdown."""
    frame = sentiment()
    found = models(frame[~frame["is_test"]])
    test = frame[frame["is_test"]].sample(4_000, random_state=SEED)
    texts = test["text"].tolist()
    labels = np.array([CLASSES.index(label) for label in test["label"]])
    head = [f"{name}: failures (95 % interval)" for name in found]
    rows = [
        f"| capability | test | what | {' | '.join(head)} | n |",
        f"|---|---|---|{'---|' * len(head)}---|",
    ]
    for line in lines(texts):
        cells, n = [], 0
        for predict in found.values():
            failed = line.test(predict)
            n = len(failed)
            interval = wilson(int(failed.sum()), n)
            cells.append(f"{failed.mean():.1%} ({interval.low:.1%} to {interval.high:.1%})")
        what = f"{line.name}{f': *{line.example}*' if line.example else ''}"
        rows.append(f"| {line.capability} | {line.kind} | {what} | {' | '.join(cells)} | {n:,} |")
    right = [float((predict(texts).argmax(axis=1) == labels).mean()) for predict in found.values()]
    said = ", ".join(f"{name} {value:.1%}" for name, value in zip(found, right, strict=True))
    return "\n".join(
        [f"Accuracy on {len(test):,} texts that no model has seen: {said}.", "", *rows]
    )


def main() -> None:
    made = table()
    print(made)
    if "--write" in sys.argv:
        text = PAGE.read_text()
        before, _, rest = text.partition("<!-- table -->\n")
        _, _, after = rest.partition("<!-- end of table -->")
        PAGE.write_text(f"{before}<!-- table -->\n{made}\n<!-- end of table -->{after}")


if __name__ == "__main__":
    main()
