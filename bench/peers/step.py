"""The published step (W 16 x 32, batch 4, tanh, fixed read-out, cached hidden layer) in one Python package.

usage: step.py numpy|numba|jax-jit|jax-scan|torch data.bin check-steps rate
Prints JSON: version, nanoseconds a step (median of five), and the checksums of W after check-steps steps.
"""
import json
import struct
import sys

from timing import median_time

ROWS, COLS, BATCH, SAMPLES = 16, 32, 4, 4000


def load(path):
    import numpy as np
    data = np.fromfile(path)
    cuts = np.cumsum([ROWS * COLS, ROWS, SAMPLES * COLS])
    w, v, x, t = np.split(data, cuts)
    return w.reshape(ROWS, COLS).copy(), v.copy(), x.reshape(SAMPLES, COLS).copy(), t.copy()


def numpy_steps(w, v, x, t, steps, rate):
    import numpy as np
    first = 0
    for _ in range(steps):
        batch = x[first:first + BATCH]
        hidden = np.tanh(batch @ w.T)
        error = (hidden @ v - t[first:first + BATCH]) / BATCH
        upstream = np.outer(error, v) * (1 - hidden * hidden)
        w -= rate * (upstream.T @ batch)
        first = (first + BATCH) % SAMPLES
    return w


def numba_steps():
    import numba
    import numpy as np

    @numba.njit(fastmath=True)
    def run(w, v, x, t, steps, rate):
        hidden = np.empty((BATCH, ROWS))
        upstream = np.empty((BATCH, ROWS))
        first = 0
        for _ in range(steps):
            for s in range(BATCH):
                out = 0.0
                for k in range(ROWS):
                    z = 0.0
                    for l in range(COLS):
                        z += w[k, l] * x[first + s, l]
                    hidden[s, k] = np.tanh(z)
                    out += v[k] * hidden[s, k]
                error = (out - t[first + s]) / BATCH
                for k in range(ROWS):
                    upstream[s, k] = error * v[k] * (1 - hidden[s, k] * hidden[s, k])
            for k in range(ROWS):
                for l in range(COLS):
                    g = 0.0
                    for s in range(BATCH):
                        g += upstream[s, k] * x[first + s, l]
                    w[k, l] -= rate * g
            first = (first + BATCH) % SAMPLES
        return w
    return run, numba.__version__


def jax_steps(scan):
    import jax
    jax.config.update('jax_enable_x64', True)
    import jax.numpy as jnp
    from jax import lax

    def one(w, first, v, x, t, rate):
        batch = lax.dynamic_slice(x, (first, 0), (BATCH, COLS))
        target = lax.dynamic_slice(t, (first,), (BATCH,))
        hidden = jnp.tanh(batch @ w.T)
        error = (hidden @ v - target) / BATCH
        upstream = jnp.outer(error, v) * (1 - hidden * hidden)
        return w - rate * (upstream.T @ batch), (first + BATCH) % SAMPLES

    if scan:
        from functools import partial

        @partial(jax.jit, static_argnums=4)
        def many(w, v, x, t, steps, rate):
            def body(carry, _):
                return one(*carry, v, x, t, rate), None
            (w, _), _ = lax.scan(body, (w, 0), None, length=steps)
            return w

        def run(w, v, x, t, steps, rate):
            return many(jnp.asarray(w), jnp.asarray(v), jnp.asarray(x), jnp.asarray(t), steps, rate).block_until_ready()
    else:
        step = jax.jit(one)

        def run(w, v, x, t, steps, rate):
            w, v, x, t = map(jnp.asarray, (w, v, x, t))
            first = 0
            for _ in range(steps):
                w, first = step(w, first, v, x, t, rate)
            return w.block_until_ready()
    return run, jax.__version__


def torch_steps(path, check, rate):
    import torch
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    with open(path, 'rb') as file:
        raw = file.read()
    data = torch.tensor(struct.unpack('<%dd' % (len(raw) // 8), raw), dtype=torch.float64)
    w0, v, x, t = torch.split(data, [ROWS * COLS, ROWS, SAMPLES * COLS, SAMPLES])
    w0, x = w0.reshape(ROWS, COLS), x.reshape(SAMPLES, COLS)

    def run(w, steps):
        first = 0
        for _ in range(steps):
            batch = x[first:first + BATCH]
            hidden = torch.tanh(batch @ w.T)
            error = (hidden @ v - t[first:first + BATCH]) / BATCH
            upstream = torch.outer(error, v) * (1 - hidden * hidden)
            w.addmm_(upstream.T, batch, alpha=-rate)
            first = (first + BATCH) % SAMPLES
        return w
    w = run(w0.clone(), check)
    sums = float(w.sum()), float((w * w).sum())
    return torch.__version__, median_time(lambda n: run(w0.clone(), n), 3000), sums


def main():
    name, path, check, rate = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    if name == 'torch':
        version, nanoseconds, sums = torch_steps(path, check, rate)
        version = 'torch ' + version
    else:
        w, v, x, t = load(path)
        if name == 'numpy':
            import numpy
            run, version, steps = numpy_steps, 'numpy ' + numpy.__version__, 5000
        elif name == 'numba':
            run, version = numba_steps()
            version, steps = 'numba ' + version, 50000
        else:
            run, version = jax_steps(name == 'jax-scan')
            version, steps = 'jax ' + version, 20000 if name == 'jax-scan' else 3000
        end = run(w.copy(), v, x, t, check, rate)
        sums = float(end.sum()), float((end * end).sum())
        nanoseconds = median_time(lambda n: run(w.copy(), v, x, t, n, rate), steps)
    print(json.dumps({'version': version, 'nanoseconds': nanoseconds, 'sum': sums[0], 'squares': sums[1]}))


if __name__ == '__main__':
    main()
