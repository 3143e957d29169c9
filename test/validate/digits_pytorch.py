"""The digits by PyTorch: the protocol of digits-accuracy.ts, with nothing of eigenflow but the images.

    python digits_pytorch.py digits.npz SETTINGS     # SETTINGS: JSON, as digits-accuracy.ts gives it; prints JSON

For every seed: a stratified division of the images (or the one of the file, which then has x_test and y_test too),
standardisation by the training part, a network of nn.Linear and tanh with PyTorch's own first weights,
nn.CrossEntropyLoss, torch.optim, batches of a random order in every epoch. In float64.
"""
import json
import sys

import numpy as np
import torch
from torch import nn

OPTIMISERS = {
    "sgd": lambda weights, rate: torch.optim.SGD(weights, lr=rate),
    "momentum": lambda weights, rate: torch.optim.SGD(weights, lr=rate, momentum=0.9),
    "adam": lambda weights, rate: torch.optim.Adam(weights, lr=rate),
}


def divide(labels, test, random):
    """Rows of the training and of the test part, each class in its share, exactly `test` rows in the second."""
    wanted = {k: test * np.mean(labels == k) for k in np.unique(labels)}
    counts = {k: int(np.floor(share)) for k, share in wanted.items()}
    most_missing = sorted(wanted, key=lambda k: counts[k] - wanted[k])
    for k in most_missing[: test - sum(counts.values())]:
        counts[k] += 1
    rows = {k: random.permutation(np.flatnonzero(labels == k)) for k in wanted}
    held = np.concatenate([rows[k][: counts[k]] for k in wanted])
    return np.setdiff1d(np.arange(len(labels)), held), held


def standardise(train, test):
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1
    return torch.from_numpy((train - mean) / deviation), torch.from_numpy((test - mean) / deviation)


def parts_of(arrays, settings, random):
    """Inputs and labels of the training and of the test part."""
    x, y = arrays["x"], arrays["y"].astype(np.int64)
    if "x_test" in arrays:
        return x, y, arrays["x_test"], arrays["y_test"].astype(np.int64)
    rows, held = divide(y, settings["test"], random)
    return x[rows], y[rows], x[held], y[held]


def train(arrays, settings, seed):
    random = np.random.default_rng(1000 + seed)
    torch.manual_seed(1000 + seed)
    images, labels, images_test, labels_test = parts_of(arrays, settings, random)
    x, x_test = standardise(images, images_test)
    y, y_test = torch.from_numpy(labels), torch.from_numpy(labels_test)
    widths = [x.shape[1], *settings["hidden"], int(y.max()) + 1]
    layers = [nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    network = nn.Sequential(*[part for layer in layers[:-1] for part in (layer, nn.Tanh())], layers[-1])
    optimiser = OPTIMISERS[settings["optimiser"]](network.parameters(), settings["learningRate"])
    loss_of = nn.CrossEntropyLoss()
    for _ in range(settings["epochs"]):
        for batch in torch.from_numpy(random.permutation(len(y))).split(settings["batchSize"]):
            optimiser.zero_grad()
            loss_of(network(x[batch]), y[batch]).backward()
            optimiser.step()
    with torch.no_grad():
        accuracy = (network(x_test).argmax(1) == y_test).double().mean().item()
        return {"accuracy": accuracy, "loss": loss_of(network(x), y).item()}


def main(path, settings):
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    arrays = dict(np.load(path))
    runs = [train(arrays, settings, seed) for seed in range(settings["seeds"])]
    print(json.dumps({"version": torch.__version__, "runs": runs}))


main(sys.argv[1], json.loads(sys.argv[2]))
