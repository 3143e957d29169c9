"""A task of classes with first weights, and what numpy makes of it in 300 steps of several optimisers.

Usage: own_task.py FOLDER. Writes task.npz (x, y, x_test, y_test, W1, b1, W2, b2, W3, b3) and expected.json: for each
optimiser the weights at steps 0, 1, 10 and 300, and loss and accuracies at the end. Forward, backward and updates are
written from the formulas; nothing of eigenflow, nothing of a framework.
"""

import json
import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(20)
WIDTHS = [6, 12, 9, 4]
# No multiple of the batch: batches wrap around.
SAMPLES, TESTS, BATCH = 50, 21, 8
STEPS, FRAMES = 300, (0, 1, 10, 300)

centres = random.normal(size=(WIDTHS[-1], WIDTHS[0]))
y, y_test = random.integers(0, WIDTHS[-1], SAMPLES), random.integers(0, WIDTHS[-1], TESTS)
x, x_test = (centres[k] + random.normal(size=(len(k), WIDTHS[0])) for k in (y, y_test))
start = {}
for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:]), 1):
    start[f"W{layer}"] = random.normal(size=(outputs, inputs)) / np.sqrt(inputs)
    start[f"b{layer}"] = random.normal(size=outputs) / 10
np.savez(folder / "task.npz", x=x, y=y, x_test=x_test, y_test=y_test, **start)


def outputs_of(weights, inputs):
    first = np.tanh(inputs @ weights["W1"].T + weights["b1"])
    second = np.tanh(first @ weights["W2"].T + weights["b2"])
    return first, second, second @ weights["W3"].T + weights["b3"]


def log_probabilities(outputs):
    shifted = outputs - outputs.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def gradient_of(weights, rows):
    inputs, labels = x[rows], y[rows]
    first, second, outputs = outputs_of(weights, inputs)
    third_delta = np.exp(log_probabilities(outputs))
    third_delta[np.arange(len(rows)), labels] -= 1
    third_delta /= len(rows)
    second_delta = (third_delta @ weights["W3"]) * (1 - second**2)
    first_delta = (second_delta @ weights["W2"]) * (1 - first**2)
    deltas = {1: (first_delta, inputs), 2: (second_delta, first), 3: (third_delta, second)}
    matrices = {f"W{layer}": delta.T @ below for layer, (delta, below) in deltas.items()}
    return {**matrices, **{f"b{layer}": delta.sum(0) for layer, (delta, _) in deltas.items()}}


def adam(w, g, state, t, rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * g * g
    mean, square = state["m"] / (1 - beta1**t), state["v"] / (1 - beta2**t)
    return w - rate * mean / (np.sqrt(square) + epsilon)


def adamw(w, g, state, t, rate=0.005, decay=0.1):
    return adam(w - rate * decay * w, g, state, t, rate)


def rmsprop(w, g, state, t, rate=0.002, smoothing=0.95, momentum=0.5, decay=0.01, epsilon=1e-8):
    g = g + decay * w
    state["v"] = smoothing * state.get("v", 0.0) + (1 - smoothing) * g * g
    state["u"] = momentum * state.get("u", 0.0) + g / (np.sqrt(state["v"]) + epsilon)
    return w - rate * state["u"]


def momentum(w, g, state, t, rate=0.05, share=0.9, decay=0.001):
    g = g + decay * w
    state["u"] = share * state.get("u", 0.0) + g
    return w - rate * state["u"]


def nesterov(w, g, state, t, rate=0.05, share=0.8):
    state["u"] = share * state.get("u", 0.0) + g
    return w - rate * (g + share * state["u"])


def adagrad(w, g, state, t, rate=0.05, epsilon=1e-10):
    state["v"] = state.get("v", 0.0) + g * g
    return w - rate * g / (np.sqrt(state["v"]) + epsilon)


def lion(w, g, state, t, rate=0.002, beta1=0.9, beta2=0.99, decay=0.1):
    m = state.get("m", 0.0)
    state["m"] = beta2 * m + (1 - beta2) * g
    return w - rate * decay * w - rate * np.sign(beta1 * m + (1 - beta1) * g)


def train(update):
    weights = {name: array.copy() for name, array in start.items()}
    states = {name: {} for name in weights}
    frames = {}
    for step in range(STEPS + 1):
        if step in FRAMES:
            frames[step] = {name: array.ravel().tolist() for name, array in weights.items()}
        if step == STEPS:
            break
        gradient = gradient_of(weights, (step * BATCH + np.arange(BATCH)) % SAMPLES)
        weights = {name: update(w, gradient[name], states[name], step + 1) for name, w in weights.items()}
    outputs, held = outputs_of(weights, x)[-1], outputs_of(weights, x_test)[-1]
    return {
        "frames": frames,
        "loss": -log_probabilities(outputs)[np.arange(SAMPLES), y].mean(),
        "accuracy": {"train": float((outputs.argmax(1) == y).mean()), "test": float((held.argmax(1) == y_test).mean())},
    }


updates = [adam, adamw, rmsprop, momentum, nesterov, adagrad, lion]
(folder / "expected.json").write_text(json.dumps({update.__name__: train(update) for update in updates}))
