"""The demo data sets as frames with meaningful types; each is fetched at its first use.

Every function verifies the pinned hashes before it reads, which matters most for the pickle
inside `telco_churn`: unpickling runs what the file says. Missing values are missing (NaN),
yes/no columns coded 0 and 1 are booleans, dates are dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.demo.sources import fetch

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "adult_income",
    "bank_marketing",
    "census_employment",
    "compas",
    "flights",
    "give_me_some_credit",
    "telco_churn",
    "vader_texts",
]

_CHURN_FLAGS = (
    "female",
    "senior_citizen",
    "partner",
    "dependents",
    "phone_service",
    "paperless_billing",
)
_ADULT_COLUMNS = (
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
)


def telco_churn() -> pd.DataFrame:
    """7,043 customers × 20 columns; `churn` is "Yes" for 26.5 %, `total_charges` lacks 11."""
    import pandas as pd

    (path,) = fetch("telco_churn")
    frame = pd.read_pickle(path, compression="xz").drop(columns="rownames")
    texts = [name for name in frame.columns if frame[name].dtype == object]
    return frame.astype(dict.fromkeys(_CHURN_FLAGS, bool) | dict.fromkeys(texts, str))


def vader_texts() -> pd.DataFrame:
    """23,507 texts of four domains with every rater's score from -4 to 4.

    Columns: `id`, `domain` (amazon, films, nyt, tweets), `document` (the review, article or
    tweet a sentence is from), `text`, `mean_rating`, and `ratings`, a list of whole numbers
    per row. Of the 23,703 published texts, 196 tweets are left out whose published mean is
    not that of their ratings: the two files disagree on which tweet was rated.
    """
    from mispredict.demo.vader import read_texts

    (path,) = fetch("vader_texts")
    return read_texts(path)


def adult_income() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The 32,561 training and 16,281 test people × 15 columns, as published.

    `income` is "<=50K" or ">50K" (24 %); `fnlwgt` is the survey's weight, how many people one
    row stands for; `workclass`, `occupation` and `native_country` have missing values.
    """
    import pandas as pd

    train, test = (
        pd.read_csv(
            path,
            names=list(_ADULT_COLUMNS),
            skipinitialspace=True,
            na_values="?",
            comment="|",
        )
        for path in fetch("adult_income")
    )
    return train, test.assign(income=test["income"].str.rstrip("."))


def flights() -> pd.DataFrame:
    """3,000,000 flights × 5 columns, in order of time, January to June 2001.

    `date` is when the flight left, to the minute (its minutes are not those of a timetable),
    `delay` the arrival's in minutes (some are nonsense, such as -1,116), `distance` is in
    miles, `origin` and `destination` are airport codes (categories).
    """
    import pyarrow.parquet as pq

    (path,) = fetch("flights")
    table = pq.read_table(path, read_dictionary=["origin", "destination"])
    frame: pd.DataFrame = table.to_pandas()
    return frame


def bank_marketing() -> pd.DataFrame:
    """45,211 calls × 18 columns, in order of `date`; `y` is "yes" for 11.7 %.

    The year is not published, but rows are in order from May 2008, so that each time the
    month falls back a year has passed. `duration` is known only after the call, when the
    answer is known too: a target leak.
    """
    import pandas as pd

    (path,) = fetch("bank_marketing")
    frame = pd.read_csv(path, sep=";")
    month = pd.to_datetime(frame["month"], format="%b").dt.month
    year = 2008 + (month.diff() < 0).cumsum()
    date = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": frame["day"]}))
    frame.insert(0, "date", date)
    return frame


def census_employment() -> pd.DataFrame:
    """277,677 people of 2015 to 2018 × 21 columns; `employed` is true for half of them.

    `prediction` and `predicted_probability` are those of a model that was fitted on earlier
    people; its accuracy is the same in all four years, so nothing should alarm here.
    """
    import pandas as pd

    reference, analysis, target = (pd.read_parquet(path) for path in fetch("census_employment"))
    later = analysis.merge(target, on="id", validate="one_to_one")
    frame = pd.concat([reference, later], ignore_index=True)
    flags = ["employed", "prediction"]
    return frame.astype(dict.fromkeys(flags, bool))


def compas() -> pd.DataFrame:
    """7,214 defendants × 47 columns; `two_year_recid` is whether they were charged again.

    Names and dates of birth of these real people are left out, as are two repeated columns.
    """
    import pandas as pd

    (path,) = fetch("compas")
    frame = pd.read_csv(path).drop(columns=["name", "first", "last", "dob"])
    frame = frame.drop(columns=["decile_score.1", "priors_count.1"])
    dates = [name for name in frame.columns if name.endswith(("_date", "_in", "_out", "custody"))]
    flags = ["two_year_recid", "is_recid", "is_violent_recid", "event"]
    frame[dates] = frame[dates].apply(pd.to_datetime)
    return frame.astype(dict.fromkeys(flags, bool))


def give_me_some_credit() -> pd.DataFrame:
    """150,000 borrowers × 12 columns; `SeriousDlqin2yrs` is true for 6.7 %."""
    import pandas as pd

    (path,) = fetch("give_me_some_credit")
    return pd.read_csv(path).astype({"SeriousDlqin2yrs": bool})
