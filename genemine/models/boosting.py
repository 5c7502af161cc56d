"""Grow boosted trees with scikit-learn and take them out as arrays."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from genemine.link.trees import Trees


def grow(rows: np.ndarray, right: np.ndarray, weights: np.ndarray, *, n_trees: int, n_leaves: int, least: int) -> Trees:
    """Learn the chance that a row is right; the same rows give the same trees.

    Args:
        rows: float (n_rows, n_features).
        right: float or bool (n_rows,).
        weights: float (n_rows,).
        n_trees: how many.
        n_leaves: the most leaves a tree may have.
        least: the fewest rows in a leaf.
    """
    model = HistGradientBoostingClassifier(
        max_iter=n_trees, learning_rate=0.07, max_leaf_nodes=n_leaves, min_samples_leaf=least, l2_regularization=2.0,
        early_stopping=False, random_state=1,
    )  # fmt: skip
    with threadpool_limits(1):  # threads that wait for each other on a busy machine cost more than they bring
        model.fit(rows, right, sample_weight=weights)
    return _taken_out(model)


def _taken_out(model: HistGradientBoostingClassifier) -> Trees:
    """Read the nodes of the fitted trees; scikit-learn has no public way to them, and a test compares the chances."""
    grown = [stage[0].nodes for stage in model._predictors]
    size = max(len(nodes) for nodes in grown)
    shape = (len(grown), size)
    features, left, right = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    thresholds, values = np.zeros(shape), np.zeros(shape)
    for i, nodes in enumerate(grown):
        n, own = len(nodes), np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        features[i, :n] = np.where(leaf, 0, nodes["feature_idx"])
        thresholds[i, :n] = np.where(leaf, 0.0, nodes["num_threshold"])
        left[i, :n] = np.where(leaf, own, nodes["left"])
        right[i, :n] = np.where(leaf, own, nodes["right"])
        values[i, :n] = np.where(leaf, nodes["value"], 0.0)
    depth = max(int(nodes["depth"].max()) for nodes in grown)
    return Trees(features, thresholds, left, right, values, depth, float(np.ravel(model._baseline_prediction)[0]))
