"""Writes a trajectory of two layers as PyTorch users do, with the real `safetensors` package, and what numpy says of it.

Usage: write_checkpoints.py FOLDER. Checkpoints step-0, step-900, step-1000 and step-20000 as .safetensors, the same as
.npz in npz/, and expected.json: squared singular values of each layer at each step.
"""

import json
import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(sys.argv[1])
(folder / "npz").mkdir()
random = np.random.default_rng(5)
start = {"net.0.weight": random.normal(size=(12, 30)) / 5, "net.2.weight": random.normal(size=(20, 12)) / 4}
spike = {name: np.outer(*(random.normal(size=n) for n in w.shape)) for name, w in start.items()}
dtypes = {"net.0.weight": np.float32, "net.2.weight": np.float16}

expected = {}
for step in [20000, 900, 0, 1000]:
    weights = {name: (w + 1e-5 * step * spike[name]).astype(dtypes[name]) for name, w in start.items()}
    others = {"net.0.bias": np.zeros(12, np.float32), "step": np.array([step]), "mask": np.array([True, False])}
    save_file({**weights, **others}, folder / f"model-v2-step-{step}.safetensors", metadata={"format": "np"})
    np.savez(folder / "npz" / f"model-v2-step-{step}.npz", **weights, **others)
    expected[step] = {
        name: (np.linalg.svd(w.astype(np.float64), compute_uv=False) ** 2).tolist() for name, w in weights.items()
    }

# Sixteen-bit numbers of every kind, with their values.
halves = np.array([0, 1, -2.5, 65504, 6e-8, 2**-14, np.inf, -0.0], np.float16)
save_file({"half": halves, "double": np.array([[1e-300, np.pi]])}, folder / "numbers.safetensors")
expected["half"] = [float(h) for h in halves[:6]]
(folder / "expected.json").write_text(json.dumps(expected))
(folder / "numbers.safetensors").rename(folder / "numbers.data")
