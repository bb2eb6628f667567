"""Clusters that are alike both in what the rows are and in how the model is wrong on them.

The error-aware mixture of Domino (Eyuboglu et al., ICLR 2022): each component has a Gaussian
over the embedding, a distribution over the label and one over the prediction, and the last two
count with a weight. Two things are added, without which components overlap in the embedding
and can't be told apart where labels are unknown (`docs/decisions/012` has the figures): the
risk that the embedding itself predicts is one of its dimensions, and components that lie on one
another and are alike in risk are merged.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_STEPS = 60
_TOLERANCE = 1e-4  # mean change of a row's log-likelihood at which the steps end
_APART = 0.4  # squared distance of two centres over their variance, below which they are one
_APART_OF_FEW = 12.0  # the same times the number of dimensions, where these are few
_RISK_APART = 1.5  # standard deviations of the risk, beyond which two centres are not one
_LEAST_VARIANCE = 1e-3  # of a component, relative to that of all rows


@dataclass(frozen=True, slots=True)
class Mixture:
    """Components of the embedding: log share, mean and variance of each dimension."""

    log_share: Floats
    mean: Floats
    variance: Floats

    def nearest(self, embedding: Floats) -> tuple[Ints, Floats]:
        """The likeliest component of each row by its embedding alone, and how likely it is.

        Labels and predictions are not looked at: they would put the wrong rows together, and
        then no test could tell whether rows like these are wrong.
        """
        density = self.log_share + _log_normal(embedding, self.mean, self.variance)
        best: Ints = density.argmax(axis=1)
        return best, density[np.arange(len(best)), best]


def fit_mixture(
    embedding: Floats,
    kinds: tuple[Floats, ...],
    is_wrong: npt.NDArray[np.bool_],
    *,
    components: int,
    weight: float,
    risk_spread: float,
    seed: int,
) -> Mixture:
    """The mixture fitted by expectation-maximisation.

    Args:
        embedding: one row per example, (rows, dimensions).
        kinds: distributions over classes of each row, such as its label as 0 and 1 and the
            model's probabilities; each is (rows, classes).
        is_wrong: rows on which the model fails; half of the components start among them.
        components: how many there are before like ones are merged.
        weight: of the kinds beside the embedding.
        risk_spread: standard deviation of the last dimension, if it is a risk; else 0.
    """
    floor = _LEAST_VARIANCE * embedding.var(axis=0).mean() + 1e-12
    share = _start(embedding, is_wrong, components, seed)
    previous = -np.inf
    for _ in range(_STEPS):
        mixture, tables = _maximised(embedding, kinds, share, floor)
        joint = mixture.log_share + _log_normal(embedding, mixture.mean, mixture.variance)
        for kind, table in zip(kinds, tables, strict=True):
            joint += weight * (kind @ np.log(table).T)
        top = joint.max(axis=1, keepdims=True)
        scaled = np.exp(joint - top)
        total = scaled.sum(axis=1, keepdims=True)
        share = scaled / total
        likelihood = float((np.log(total) + top).mean())
        if likelihood - previous < _TOLERANCE:
            break
        previous = likelihood
    return _merged(_maximised(embedding, kinds, share, floor)[0], risk_spread)


def with_risk(
    embedding: Floats, values: Floats, half: npt.NDArray[np.bool_], *, weight: float, seed: int
) -> tuple[Floats, float]:
    """The embedding with the error it predicts as a last dimension, and its standard deviation.

    It has `weight` times as much variance as all other dimensions together.

    A ridge regression of the error on the searched half; rows of that half get the prediction
    of a fit without them, so that what it learned by heart isn't taken for structure. Where it
    predicts nothing, the embedding is left as it is, with 0.
    """
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold, cross_val_predict

    folds = KFold(5, shuffle=True, random_state=seed)
    ridge = RidgeCV(alphas=np.logspace(-1, 4, 11))
    own, errors = embedding[half], values[half]
    risk = np.empty(len(values))
    risk[half] = cross_val_predict(ridge, own, errors, cv=folds)
    spread = risk[half].std()
    if not spread > 0 or np.corrcoef(risk[half], errors)[0, 1] < 2 / np.sqrt(len(errors)):
        return embedding, 0.0
    risk[~half] = ridge.fit(own, errors).predict(embedding[~half])
    wanted = float(np.sqrt(weight * embedding.var(axis=0).sum()))
    scaled = wanted / spread * (risk - risk[half].mean())
    return np.column_stack([embedding, scaled]), wanted


def _merged(mixture: Mixture, risk_spread: float) -> Mixture:
    """The mixture with components joined, the nearest first, until all lie apart."""
    share, mean, variance = np.exp(mixture.log_share), mixture.mean, mixture.variance
    spread = share @ variance[:, : mean.shape[1] - (risk_spread > 0)]
    dimensions = spread.sum() ** 2 / (spread**2).sum()  # that matter
    limit = max(_APART, _APART_OF_FEW / dimensions)
    while len(share) > 2:
        apart = _distances(mean, variance, risk_spread)
        one, other = sorted(divmod(int(apart.argmin()), len(share)))
        if apart[one, other] >= limit:
            break
        both = [one, other]
        part = share[both] / share[both].sum()
        centre = part @ mean[both]
        variance[one] = part @ (variance[both] + mean[both] ** 2) - centre**2
        mean[one], share[one] = centre, share[both].sum()
        share, mean, variance = (np.delete(item, other, axis=0) for item in (share, mean, variance))
    return Mixture(np.log(share), mean, variance)


def _distances(mean: Floats, variance: Floats, risk_spread: float) -> Floats:
    """Squared distances of centres over their variance; infinite where the risks differ."""
    own = mean.shape[1] - (risk_spread > 0)
    spread = variance[:, :own].sum(axis=1)
    apart: Floats = ((mean[:, None, :own] - mean[None, :, :own]) ** 2).sum(axis=2)
    apart /= (spread[:, None] + spread[None]) / 2
    if risk_spread > 0:
        risk = mean[:, -1]
        apart[np.abs(risk[:, None] - risk[None]) > _RISK_APART * risk_spread] = np.inf
    np.fill_diagonal(apart, np.inf)
    return apart


def _maximised(
    embedding: Floats, kinds: tuple[Floats, ...], share: Floats, floor: float
) -> tuple[Mixture, list[Floats]]:
    n = share.sum(axis=0) + 1e-9
    mean = share.T @ embedding / n[:, None]
    variance = np.maximum(share.T @ embedding**2 / n[:, None] - mean**2, 0) + floor
    tables = []
    for kind in kinds:
        prior = kind.mean(axis=0) + 1e-6
        counts = share.T @ kind + prior
        tables.append(counts / counts.sum(axis=1, keepdims=True))
    return Mixture(np.log(n / n.sum()), mean, variance), tables


def _log_normal(embedding: Floats, mean: Floats, variance: Floats) -> Floats:
    """Log density of every row under every component, up to a constant."""
    precision = 1 / variance
    squared = embedding**2 @ precision.T - 2 * embedding @ (mean * precision).T
    squared += (mean**2 * precision).sum(axis=1)
    density: Floats = -0.5 * (squared + np.log(variance).sum(axis=1))
    return density


def _start(
    embedding: Floats, is_wrong: npt.NDArray[np.bool_], components: int, seed: int
) -> Floats:
    """Rows by k-means, wrong and right ones apart."""
    share = np.zeros((len(embedding), components))
    wrong = min(components // 2, int(is_wrong.sum()))
    for rows, first, last in (
        (np.flatnonzero(is_wrong), 0, wrong),
        (np.flatnonzero(~is_wrong), wrong, components),
    ):
        if last > first and len(rows):
            share[rows, first + _k_means(embedding[rows], last - first, seed)] = 1.0
    share[share.sum(axis=1) == 0] = 1.0 / components
    return share


def _k_means(embedding: Floats, k: int, seed: int) -> Ints:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different rows than k
        fitted = KMeans(min(k, len(embedding)), n_init=1, max_iter=50, random_state=seed)
        labels: Ints = fitted.fit_predict(embedding).astype(np.int64)
    return labels
