"""Dyson Brownian motion in a harmonic potential by the eigenvalues of one random matrix per step, in numpy.

usage: matrix_step.py levels steps
Prints nanoseconds a step, the fastest of 60 rounds after a warm-up. Checks that the levels end near equilibrium.
"""
import sys
import time

import numpy as np

levels, steps = int(sys.argv[1]), int(sys.argv[2])
temperature, step = 0.5, 0.01
random = np.random.default_rng(1)
upper = np.triu_indices(levels, 1)
diagonal = np.arange(levels)
scale = np.sqrt(temperature * step)


def run(x, count):
    matrix = np.zeros((levels, levels))
    for _ in range(count):
        noise = random.standard_normal(levels + len(upper[0]))
        matrix[diagonal, diagonal] = x - x * step + scale * np.sqrt(2) * noise[:levels]
        matrix[upper] = scale * noise[levels:]
        x = np.linalg.eigvalsh(matrix, UPLO="U")
    return x


x = run(np.linspace(-1, 1, levels), steps)
times = []
for _ in range(60):
    start = time.perf_counter_ns()
    x = run(x, steps)
    times.append((time.perf_counter_ns() - start) / steps)
expected = temperature * (levels + levels * (levels - 1) / 2)
assert 0.5 * expected < np.sum(x**2) < 2 * expected, np.sum(x**2)
print(min(times))
