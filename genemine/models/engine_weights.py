"""The tagger's weights by name: what a bundle stores of the network, and how an engine reads it back.

Names do not depend on the order in which Keras lists its variables:

==============================================  =========================================================
``characters/embedding``                        (characters, size)
``characters/conv_<width>/kernel``, ``/bias``   (width, size, filters), (filters,)
``bilstm_<layer>/forward/kernel``               (inputs, 4 x units), gates in the order i, f, c, o; the inputs of the first layer
                                                are word vector, character features, hints
``bilstm_<layer>/forward/recurrent``, ``/bias``  (units, 4 x units), (4 x units,); ``backward`` likewise
``emissions/kernel``, ``emissions/bias``        (2 x units, 3 x outputs), (3 x outputs,)
``word_scale``                                  (), what word vectors are multiplied by
==============================================  =========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from genemine.models.vocabulary import Vocabulary

DIRECTIONS = ("forward", "backward")
VECTOR_RMS = 0.5  # word vectors are scaled to this, so that they weigh about as much as the characters


@dataclass(frozen=True)
class Lstm:
    """One direction of one layer, float32: ``kernel`` (inputs, 4u), ``recurrent`` (u, 4u), ``bias`` (4u,); gates i, f, c, o."""

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Weights:
    """All weights of a tagger, float32; ``layers`` holds (forward, backward) for each BiLSTM layer."""

    embedding: np.ndarray
    convs: tuple[tuple[np.ndarray, np.ndarray], ...]
    layers: tuple[tuple[Lstm, Lstm], ...]
    kernel: np.ndarray
    bias: np.ndarray
    word_scale: float

    @property
    def units(self) -> int:
        """LSTM units a direction."""
        return int(self.layers[0][0].recurrent.shape[0])


def word_scale(vocabulary: Vocabulary) -> float:
    """Give the factor that brings the word vectors to a root mean square of VECTOR_RMS."""
    total = sum(
        float((np.square(part.astype(np.float32)).sum(axis=1, dtype=np.float64) * np.square(scale, dtype=np.float64)).sum())
        for part, scale in _parts(vocabulary.codes, vocabulary.scales)
    )
    rms = float(np.sqrt(total / vocabulary.codes.size)) if vocabulary.codes.size else 1.0
    return VECTOR_RMS / max(rms, 1e-6)


def _parts(codes: np.ndarray, scales: np.ndarray, rows: int = 4096) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(codes[i : i + rows], scales[i : i + rows]) for i in range(0, len(codes), rows)]


def network_variables(network: Any) -> dict[str, Any]:
    """Name the variables of a :class:`genemine.models.network.Network` that a bundle stores."""
    model = network.emitter
    characters = model.get_layer("characters")
    named = {"characters/embedding": characters.embed.embeddings}
    for conv in characters.convs:
        named |= {f"characters/conv_{conv.kernel_size[0]}/{part}": getattr(conv, part) for part in ("kernel", "bias")}
    layers = [layer for layer in model.layers if layer.name.startswith("bilstm_")]
    for number in range(len(layers)):
        both = model.get_layer(f"bilstm_{number}")
        for direction, layer in zip(DIRECTIONS, (both.forward_layer, both.backward_layer), strict=True):
            cell = layer.cell
            parts = {"kernel": cell.kernel, "recurrent": cell.recurrent_kernel, "bias": cell.bias}
            named |= {f"bilstm_{number}/{direction}/{part}": value for part, value in parts.items()}
    dense = model.get_layer("emissions")
    return named | {"emissions/kernel": dense.kernel, "emissions/bias": dense.bias}


def network_arrays(network: Any) -> dict[str, np.ndarray]:
    """Give the weights of a network by name, float32."""
    import keras

    return {name: np.array(keras.ops.convert_to_numpy(variable)) for name, variable in network_variables(network).items()}


def read_weights(arrays: Mapping[str, np.ndarray], shape: Mapping[str, Any], vocabulary: Vocabulary) -> Weights:
    """Read the weights of a bundle.

    Args:
        arrays: of the bundle, by name.
        shape: of the bundle's config: ``char_widths`` and ``layers`` are used.
        vocabulary: of the bundle.

    Raises:
        KeyError: a weight is missing.
        ValueError: a weight has a shape that does not fit the others.
    """

    def take(name: str) -> np.ndarray:
        return np.asarray(arrays[name], np.float32)

    def lstm(prefix: str) -> Lstm:
        return Lstm(take(f"{prefix}/kernel"), take(f"{prefix}/recurrent"), take(f"{prefix}/bias"))

    widths = list(shape["char_widths"])
    convs = tuple((take(f"characters/conv_{w}/kernel"), take(f"characters/conv_{w}/bias")) for w in widths)
    layers = tuple((lstm(f"bilstm_{n}/forward"), lstm(f"bilstm_{n}/backward")) for n in range(shape["layers"]))
    scale = float(arrays["word_scale"]) if "word_scale" in arrays else word_scale(vocabulary)
    weights = Weights(take("characters/embedding"), convs, layers, take("emissions/kernel"), take("emissions/bias"), scale)
    _check(weights, vocabulary)
    return weights


def _check(weights: Weights, vocabulary: Vocabulary) -> None:
    units, size = weights.units, weights.embedding.shape[1]
    n_hints = vocabulary.dictionary.size if vocabulary.dictionary else 0
    n_in = vocabulary.size + sum(bias.size for _, bias in weights.convs) + n_hints
    wanted: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
        ("characters/embedding", weights.embedding.shape, (len(vocabulary.chars) + 2, size))
    ]
    for kernel, bias in weights.convs:
        wanted.append((f"characters/conv_{len(kernel)}/kernel", kernel.shape, (len(kernel), size, bias.size)))
    for number, both in enumerate(weights.layers):
        for direction, lstm in zip(DIRECTIONS, both, strict=True):
            name = f"bilstm_{number}/{direction}"
            wanted.append((f"{name}/kernel", lstm.kernel.shape, (2 * units if number else n_in, 4 * units)))
            wanted.append((f"{name}/recurrent", lstm.recurrent.shape, (units, 4 * units)))
            wanted.append((f"{name}/bias", lstm.bias.shape, (4 * units,)))
    wanted.append(("emissions/kernel", weights.kernel.shape, (2 * units, weights.bias.size)))
    for name, found, needed in wanted:
        if tuple(found) != tuple(needed):
            raise ValueError(f"'{name}', whose shape is {tuple(found)} where {tuple(needed)} is needed")
