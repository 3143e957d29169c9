"""Whole training steps of a feed-forward network with tanh and cross-entropy in PyTorch or JAX, on one core.

usage: network.py torch|jax float64|float32 WIDTHS BATCH STEPS, widths as 64-128-128-10
Prints JSON: version and nanoseconds a step (median of five, after one warm-up).
"""
import json
import os
import sys

from timing import median_time

os.environ.setdefault("OMP_NUM_THREADS", "1")
# JAX heeds no setting of threads alone.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

SAMPLES, RATE = 1024, 0.01


def torch_steps(kind, widths, batch):
    import torch

    torch.set_num_threads(1)
    dtype = getattr(torch, kind)
    torch.manual_seed(1)
    layers = []
    for fan_in, fan_out in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(fan_in, fan_out, dtype=dtype), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    x = torch.randn(SAMPLES, widths[0], dtype=dtype)
    y = torch.randint(widths[-1], (SAMPLES,))

    def run(steps):
        for k in range(steps):
            first = k * batch % SAMPLES
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(x[first:first + batch]), y[first:first + batch]).backward()
            optimiser.step()

    return run, torch.__version__


def jax_steps(kind, widths, batch):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", kind == "float64")
    keys = jax.random.split(jax.random.PRNGKey(1), len(widths) + 2)
    weights = [
        (jax.random.normal(key, (o, i), dtype=kind) / i ** 0.5, jnp.zeros(o, dtype=kind))
        for key, i, o in zip(keys, widths, widths[1:])
    ]
    x = jax.random.normal(keys[-1], (SAMPLES, widths[0]), dtype=kind)
    y = jax.nn.one_hot(jax.random.randint(keys[-2], (SAMPLES,), 0, widths[-1]), widths[-1], dtype=kind)

    def loss(parameters, inputs, targets):
        h = inputs
        for w, b in parameters[:-1]:
            h = jnp.tanh(h @ w.T + b)
        w, b = parameters[-1]
        return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(h @ w.T + b), axis=1))

    @jax.jit
    def step(parameters, first):
        inputs = jax.lax.dynamic_slice_in_dim(x, first, batch)
        targets = jax.lax.dynamic_slice_in_dim(y, first, batch)
        gradients = jax.grad(loss)(parameters, inputs, targets)
        return jax.tree.map(lambda p, g: p - RATE * g, parameters, gradients)

    def run(steps):
        parameters = weights
        for k in range(steps):
            parameters = step(parameters, k * batch % SAMPLES)
        jax.block_until_ready(parameters)

    return run, jax.__version__


package, kind, sizes, batch, steps = sys.argv[1:6]
make = {"torch": torch_steps, "jax": jax_steps}[package]
run, version = make(kind, [int(width) for width in sizes.split("-")], int(batch))
print(json.dumps({"version": version, "nanoseconds": median_time(run, int(steps))}))
