"""The demos: data, a model fitted to it, and why they are worth looking at."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.demo import data
from mispredict.demo.story import Story, Teller
from mispredict.demo.timing import Clock, OnStep, keep_quiet, one_thread

if TYPE_CHECKING:
    import pandas as pd

_NEUTRAL = 0.3  # a mean rating this near to 0 counts as neutral
_LATE_MIN = 15  # minutes: the authority's own definition of a late arrival
_SAMPLE = 200_000


def churn(*, on_step: OnStep = keep_quiet) -> Story:
    """Telco customers who leave: gradient boosting, before it logistic regression."""
    from sklearn.model_selection import train_test_split

    from mispredict.demo.models import SEED, boosting, logistic

    clock = Clock(on_step)
    with clock.step("fetch and read 7,043 customers"):
        frame = data.telco_churn()
        frame.insert(0, "customer", np.arange(1, len(frame) + 1))
        train, test = train_test_split(
            frame, test_size=0.4, random_state=SEED, stratify=frame["churn"]
        )
    inputs = _names(frame, but=("customer", "churn"))
    columns = _kinds(frame, inputs)
    model = _fit(clock, "gradient boosting", boosting(*columns), train[inputs], train["churn"])
    previous = _fit(clock, "logistic regression", logistic(*columns), train[inputs], train["churn"])
    # The history of a third model: fitted before there was fibre, then to customers with fibre
    # alone, then to all.
    has_fibre = train["internet_service"] == "Fiber optic"
    before, fibre = train[~has_fibre], train[has_fibre]
    first = _fit(
        clock, "retention before fibre", logistic(*columns), before[inputs], before["churn"]
    )
    second = _fit(
        clock, "retention of fibre alone", boosting(*columns), fibre[inputs], fibre["churn"]
    )
    return Story(
        name="churn",
        title="Which customers leave a telephone company",
        about=(
            "7,043 customers of a telephone company, 26.5 % of whom left; 60 % of them, chosen at"
            " random, trained the model. Boosting replaced a logistic regression: is it better,"
            " and for whom?"
        ),
        frame=test.sort_index().reset_index(drop=True),
        train=train.sort_index().reset_index(drop=True),
        label="churn",
        positive="Yes",
        id="customer",
        inputs=tuple(inputs),
        model=model,
        model_name="boosting",
        previous=previous,
        previous_name="logistic",
        versions=(first, second, previous),
        versions_name="retention",
        steps=tuple(clock.steps),
    )


def sentiment(*, on_step: OnStep = keep_quiet) -> Story:
    """Sentiment of sentences from four domains: a linear model on words, before it film-only.

    The label is the sign of the raters' mean, neutral within 0.3 of zero: for 20 raters that
    is a net of six points on a scale of -4 to 4, below which the crowd is divided or saw
    nothing. Whole documents go to one side of the split.
    """
    from sklearn.model_selection import GroupShuffleSplit

    from mispredict.demo.models import SEED, bag_of_words

    clock = Clock(on_step)
    with clock.step("fetch and read 23,507 rated texts"):
        frame = _with_votes(data.vader_texts())
        halves = GroupShuffleSplit(1, test_size=0.4, random_state=SEED)
        train_rows, test_rows = next(halves.split(frame, groups=frame["document"]))
        train, test = frame.iloc[np.sort(train_rows)], frame.iloc[np.sort(test_rows)]
    films = train[train["domain"] == "films"]
    model = _fit(
        clock, "words of all domains", bag_of_words("text"), train[["text"]], train["label"]
    )
    previous = _fit(
        clock, "words of film reviews", bag_of_words("text"), films[["text"]], films["label"]
    )
    return Story(
        name="sentiment",
        title="What people say: tweets, film and product reviews, editorials",
        about=(
            "23,507 sentences that 15 to 99 people each rated from very negative to very positive."
            " The model replaced one trained on film reviews alone; where raters disagree, no"
            " model can be right."
        ),
        frame=test.reset_index(drop=True),
        train=train.reset_index(drop=True),
        label="label",
        positive=None,
        id="id",
        inputs=("text",),
        model=model,
        model_name="words",
        previous=previous,
        previous_name="film-words",
        metadata=("domain", "document"),
        annotations=tuple(_names(frame, but=("id", "text", "label", "domain", "document"))),
        steps=tuple(clock.steps),
    )


def census(*, on_step: OnStep = keep_quiet) -> Story:
    """People who earn over 50,000 dollars: gradient boosting, before it logistic regression."""
    from mispredict.demo.models import boosting, logistic

    clock = Clock(on_step)
    with clock.step("fetch and read 48,842 people"):
        train, test = data.adult_income()
        train.insert(0, "person", np.arange(1, len(train) + 1))
        test.insert(0, "person", np.arange(len(train) + 1, len(train) + len(test) + 1))
    inputs = _names(train, but=("person", "income", "fnlwgt"))
    columns = _kinds(train, inputs)
    model = _fit(clock, "gradient boosting", boosting(*columns), train[inputs], train["income"])
    previous = _fit(
        clock, "logistic regression", logistic(*columns), train[inputs], train["income"]
    )
    return Story(
        name="census",
        title="Who earned over 50,000 dollars in 1994",
        about=(
            "16,281 people of the US census, by a model fitted to 32,561 others. Accuracy is high"
            " and very unequal over occupations, families and schooling."
        ),
        frame=test,
        train=train,
        label="income",
        positive=">50K",
        id="person",
        inputs=tuple(inputs),
        model=model,
        model_name="boosting",
        previous=previous,
        previous_name="logistic",
        metadata=("fnlwgt",),
        steps=tuple(clock.steps),
    )


def flights(*, on_step: OnStep = keep_quiet) -> Story:
    """Three million flights, late or not, by a model that knows only a part of January."""
    from mispredict.demo.models import SEED, delays

    clock = Clock(on_step)
    with clock.step("fetch and read 3,000,000 flights"):
        frame = data.flights()
        frame.insert(0, "flight", np.arange(1, len(frame) + 1))
        frame["late"] = frame["delay"] > _LATE_MIN
        january = int(frame["date"].searchsorted(np.datetime64("2001-02-01")))
        rows = np.random.default_rng(SEED).choice(january, _SAMPLE, replace=False)
        frame["split"] = np.where(np.isin(np.arange(len(frame)), rows), "train", "test")
    inputs = ["date", "distance", "origin", "destination"]
    train = frame.iloc[np.sort(rows)].reset_index(drop=True)
    model = _fit(clock, "boosting on 200,000 rows", delays(), train[inputs], train["late"])
    return Story(
        name="flights",
        title="Which of three million flights came in late",
        about=(
            "Every row of half a year, by a model that saw 200,000 flights of January (split"
            " 'train'). What it knows says little, and less after January."
        ),
        frame=frame,
        train=train,
        label="late",
        positive=True,
        id="flight",
        inputs=tuple(inputs),
        model=model,
        model_name="january",
        time="date",
        split="split",
        annotations=("delay",),
        steps=tuple(clock.steps),
    )


STORIES: Mapping[str, Teller] = MappingProxyType(
    {"churn": churn, "sentiment": sentiment, "census": census, "flights": flights}
)


def _fit(clock: Clock, name: str, model: Any, inputs: pd.DataFrame, label: pd.Series) -> Any:
    with clock.step(f"fit {name}"), one_thread():
        return model.fit(inputs, label)


def _names(frame: pd.DataFrame, *, but: tuple[str, ...]) -> list[str]:
    return [str(name) for name in frame.columns if name not in but]


def _kinds(frame: pd.DataFrame, inputs: list[str]) -> tuple[list[str], list[str]]:
    """Names of the text and of the number columns (booleans are numbers)."""
    numeric = list(frame[inputs].select_dtypes(["number", "bool"]).columns)
    return [name for name in inputs if name not in numeric], numeric


def _with_votes(texts: pd.DataFrame) -> pd.DataFrame:
    """Texts with a label and what is known of their raters, in plain columns."""
    import pandas as pd

    signs = [np.sign(ratings) for ratings in texts["ratings"]]
    votes = np.array([[np.sum(row == sign) for sign in (-1, 0, 1)] for row in signs])
    raters = votes.sum(axis=1)
    mean = texts["mean_rating"].to_numpy()
    names = np.array(["negative", "neutral", "positive"])
    label = names[np.where(np.abs(mean) <= _NEUTRAL, 0, np.sign(mean)).astype(int) + 1]
    return texts.drop(columns="ratings").assign(
        raters=raters,
        agreement=votes.max(axis=1) / raters,
        votes_negative=votes[:, 0],
        votes_neutral=votes[:, 1],
        votes_positive=votes[:, 2],
        label=pd.Series(label, index=texts.index, dtype=str),
    )
