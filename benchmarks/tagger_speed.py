"""How fast ``genemine annotate`` is on real abstracts: the whole command, from its start to its end, and all of its processes.

20,000 abstracts of the sets that keep letter case, under made-up PMIDs, as one PubTator file. ``load_s`` is the time from the start
of Python to a tagger that is ready, TensorFlow not imported. The peer is the same network with the same weights run by TensorFlow,
emissions alone, on all cores; ours beside it runs on one.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.abstracts_data import cased_abstracts
from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.real_run import PeakMemory

N, N_QUICK = 20_000, 1_000
N_PEER = 400  # abstracts of the comparison with TensorFlow
FIRST_PMID = 90_000_000
KERNEL = "OPENBLAS_CORETYPE"  # where it is set, OpenBLAS takes this processor's instructions and not those it finds itself

LOAD = (
    "import sys; from genemine.models.tagger import load_tagger; load_tagger(); "
    "assert not {'tensorflow', 'keras'} & set(sys.modules), 'TensorFlow is imported'; print('ready', flush=True); sys.stdin.read()"
)


def write_abstracts(path: Path, n: int) -> int:
    """Write ``n`` abstracts, taken evenly from all; gives how many there were to take."""
    texts = cased_abstracts(shared_dir() / "data")
    step = max(len(texts) // n, 1)
    with path.open("w", encoding="utf-8") as out:
        for pmid, text in enumerate(texts[::step][:n], start=FIRST_PMID):
            out.write(f"{pmid}|t|{text.title}\n{pmid}|a|{text.abstract}\n\n")
    return min(n, len(texts))


def annotated(source: Path, target: Path, environment: dict[str, str]) -> tuple[float, float, str]:
    """Run the command; gives seconds of the whole process, peak GiB of it and its workers, and its summary."""
    command = [sys.executable, "-m", "genemine.cli.main", "annotate", str(source), str(target), "--scores"]
    began = time.monotonic()
    with (source.parent / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        memory = PeakMemory(process.pid)
        status = process.wait()
        seconds, peak = time.monotonic() - began, memory.stop()
        log.seek(0)
        told = log.read()
    if status:
        sys.exit(f"genemine annotate ended with status {status}:\n{told[-3000:]}")
    return seconds, peak, told.strip().splitlines()[-1]


def load_seconds(times: int = 5) -> float:
    """Seconds from the start of Python until a tagger is ready; the median."""
    found = []
    for _ in range(times):
        began = time.monotonic()
        with subprocess.Popen([sys.executable, "-c", LOAD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            found.append(time.monotonic() - began)
        if line.strip() != b"ready":
            sys.exit("the tagger cannot be loaded without TensorFlow; see above")
    return statistics.median(found)


def peers(source: Path) -> tuple[float, float]:
    """Tokens a second of emissions: ours on one core, and TensorFlow's on all."""
    from genemine.annotate.sentences import split_sentences
    from genemine.models.tagger import load_tagger
    from genemine.pipeline.annotate import read_documents

    tagger = load_tagger()
    sentences = [
        [token.text for token in sentence.tokens]
        for document in read_documents(source)[:N_PEER]
        for sentence in split_sentences(document.text)
    ]
    n_tokens = sum(len(sentence) for sentence in sentences)
    assert tagger.engine is not None
    ours = timed(lambda: tagger.engine.emissions(sentences, range(len(tagger.outputs))))
    theirs = timed(tensorflow_run(sentences))
    return n_tokens / ours, n_tokens / theirs


def timed(run: Any) -> float:
    """Seconds of the second run: the first one traces, and fills tables."""
    run()
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def tensorflow_run(sentences: list[list[str]]) -> Any:
    """The committed network built by Keras: a function that computes all emissions, in batches of like length."""
    from genemine.models.bundle import read_bundle
    from genemine.models.encode import batches, encode
    from genemine.models.engine_weights import network_variables
    from genemine.models.network import TaggerShape, build_network
    from genemine.models.tagger import BATCH, default_bundle, emit_function
    from genemine.models.vocabulary import from_arrays

    bundle = read_bundle(default_bundle(), "tagger")
    vocabulary, shape = from_arrays(bundle.arrays), bundle.config["shape"]
    sizes = TaggerShape(**{**shape, "char_widths": tuple(shape["char_widths"])})
    network = build_network(vocabulary.matrix(), len(vocabulary.chars) + 2, len(bundle.config["outputs"]), sizes, seed=0)
    arrays = bundle.arrays
    for name, variable in network_variables(network).items():
        variable.assign(arrays[name].astype("float32"))
    compute = emit_function(network.emitter)
    groups = [[sentences[i] for i in group] for group in batches([len(s) for s in sentences], BATCH)]
    return lambda: [compute(encode(group, vocabulary).inputs()) for group in groups]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{N_QUICK:,} abstracts instead of {N:,}")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.txt", Path(folder) / "out.txt"
        n = write_abstracts(source, N_QUICK if quick else N)
        seconds, peak, told = annotated(source, target, dict(os.environ))
        print(told)
        found = re.search(r"(\d+) sentences, (\d+) mentions", told)
        figures: dict[str, Any] = {
            "abstracts_per_s": round(n / seconds, 1),
            "peak_gib": round(peak, 2),
            "load_s": round(load_seconds(), 2),
            "abstracts": n,
            "seconds": round(seconds, 1),
            "mentions": int(found[2]) if found else 0,
            "cores": len(os.sched_getaffinity(0)),
        }
        if KERNEL in os.environ:
            free = {name: value for name, value in os.environ.items() if name != KERNEL}
            print(f"{KERNEL}={os.environ[KERNEL]} is set; without it:")
            other, _, told = annotated(source, Path(folder) / "free.txt", free)
            print(told)
            if target.read_bytes() != (Path(folder) / "free.txt").read_bytes():
                sys.exit("another BLAS kernel gave another output: products are not exact")
            figures["abstracts_per_s_own_kernel"] = round(n / other, 1)
        ours, theirs = peers(source)
    print(f"emissions alone: {ours:,.0f} tokens/s on one core; TensorFlow on all cores {theirs:,.0f}")
    figures |= {
        "tokens_per_s_one_core": round(ours),
        "tensorflow_tokens_per_s": round(theirs),
        "vs_tensorflow": round(ours / theirs, 2),
    }
    emit(figures)


if __name__ == "__main__":
    main()
