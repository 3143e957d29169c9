"""Trajectories by PyTorch: what optimisers-pytorch.ts asks for, with nothing of eigenflow but the numbers drawn there.

    python optimisers_pytorch.py JOB.json     # prints JSON

A job has `frames` (numbers of steps) and `runs`: parts of a scenario as eigenflow writes them, data and first weights.
Every run is trained with the optimisers, losses, clipping and learning-rate schedulers of PyTorch in float64, by
batches in cyclic order; its weights come back at every frame. It is trained again with the samples of each batch in
reverse order, which changes nothing but rounding: `rounding` is how far that moves any weight.

PyTorch has no residual networks and no parametrisations by width: these are written out below, from the tables of
docs/own-data.md. Muon works in bfloat16 in PyTorch: its own code runs here with float64 in that place.
"""
import json
import sys
from math import sqrt

import torch
from torch import nn
from torch.nn import functional
from torch.optim import lr_scheduler

ACTIVATIONS = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "identity": lambda z: z,
    "erf": torch.erf,
    "gelu": functional.gelu,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
    "sine": torch.sin,
}

LOSSES = {
    "cross-entropy": lambda loss: nn.CrossEntropyLoss(label_smoothing=loss["smoothing"]),
    "logistic": lambda loss: nn.BCEWithLogitsLoss(),
    "huber": lambda loss: nn.HuberLoss(delta=loss["delta"]),
    "mean-square": lambda loss: nn.MSELoss(),
    "half-mean-square": lambda loss: lambda out, y: nn.MSELoss(reduction="sum")(out, y) / (2 * len(y)),
}

# Of these the step grows like the gradient.
PROPORTIONAL = ("sgd", "momentum", "nesterov")


class Layer:
    """Weights and biases, the factors that they have in the forward pass, and those of the learning rate."""

    def __init__(self, model, weights, number, last):
        self.weight = nn.Parameter(torch.tensor(weights[f"W{number}"]))
        bias = weights.get(f"b{number}")
        self.bias = None if bias is None else nn.Parameter(torch.tensor(bias))
        self.weight_scale = self.bias_scale = 1.0
        # (proportional, normalised)
        self.weight_rate = self.bias_rate = (1.0, 1.0)
        rows, cols = self.weight.shape
        kind, base = model["parametrisation"], model["baseWidth"]
        if kind == "ntk":
            self.weight_scale, self.bias_scale = 1 / sqrt(cols), model["biasScale"]
            m = (rows if number == 1 else cols) / base
            self.weight_rate = (1.0, 1 / sqrt(m) if number == 1 or last else 1 / m)
            self.bias_rate = (1.0, 1.0 if last else 1 / sqrt(rows / base))
        elif kind == "mean-field":
            gamma, width = model["gamma0"], model["hidden"][-1]
            self.weight_scale = 1 / (gamma * width) if last else 1 / sqrt(cols)
            self.bias_scale = model["biasScale"]
            self.weight_rate = (gamma**2 * width, 1.0 if number == 1 or last else 1 / sqrt(cols / base))
            self.bias_rate = (1.0 if last else gamma**2 * width, 1.0)
        elif kind == "mup":
            if number == 1:
                self.weight_rate = self.bias_rate = (rows / base, 1.0)
            elif last:
                self.weight_scale, self.weight_rate = base / cols, (cols / base, 1.0)
            else:
                self.weight_rate, self.bias_rate = (rows / cols, base / cols), (rows / base, 1.0)

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]

    def forward(self, h):
        bias = None if self.bias is None else self.bias_scale * self.bias
        return functional.linear(h, self.weight_scale * self.weight, bias)


class Network:
    def __init__(self, model, weights):
        count = len(model["hidden"]) + 1
        self.layers = [Layer(model, weights, i + 1, i + 1 == count) for i in range(count)]
        self.activations = [ACTIVATIONS[name] for name in model["activation"]]
        self.residual = model["residual"]

    def forward(self, x):
        h = x
        for i, (layer, activation) in enumerate(zip(self.layers, self.activations)):
            f = activation(layer.forward(h))
            h = h + self.residual * f if self.residual > 0 and i > 0 and f.shape == h.shape else f
        return self.layers[-1].forward(h)

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def named(self):
        for i, layer in enumerate(self.layers):
            yield f"W{i + 1}", layer.weight
            if layer.bias is not None:
                yield f"b{i + 1}", layer.bias


class AdamByHand(torch.optim.Optimizer):
    """Adam without decay, from the formulas of its paper; `root` turns the average square into the divisor."""

    def __init__(self, groups, lr, betas, eps, root):
        super().__init__(groups, {"lr": lr})
        self.betas, self.eps, self.root, self.count = betas, eps, root, 0

    @torch.no_grad()
    def step(self):
        one, two = self.betas
        self.count += 1
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["mean"], state["square"] = torch.zeros_like(p), torch.zeros_like(p)
                state["mean"].mul_(one).add_(p.grad, alpha=1 - one)
                state["square"].mul_(two).addcmul_(p.grad, p.grad, value=1 - two)
                divisor = self.root(state["square"] / (1 - two**self.count), self.eps)
                p.sub_(group["lr"] * (state["mean"] / (1 - one**self.count)) / divisor)


ROOTS = {
    "adam-by-hand": lambda square, eps: square.sqrt() + eps,
    "adam-epsilon-inside": lambda square, eps: (square + eps).sqrt(),
    "adam-epsilon-squared-inside": lambda square, eps: (square + eps**2).sqrt(),
}


class InFloat64:
    """The module torch, where bfloat16 is float64."""

    bfloat16 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


def has_muon():
    """Whether there is a Muon here that can be had in float64; from then on it is."""
    try:
        from torch.optim import _muon

        _muon.torch = InFloat64()
        p = nn.Parameter(torch.zeros(2, 3))
        p.grad = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]])
        torch.optim.Muon([p], lr=1.0, weight_decay=0.0).step()
        # Rounded to 8 bits nothing changes but where they are all there is.
        return bool((p.detach() != p.detach().bfloat16().double()).all())
    except (ImportError, AttributeError):
        return False


def optimisers_of(kind, settings, network, rate):
    decay = settings.get("weightDecay", 0.0)
    normalised = kind not in PROPORTIONAL
    groups = []
    for layer in network.layers:
        groups.append({"params": [layer.weight], "lr": rate * layer.weight_rate[normalised]})
        if layer.bias is not None:
            groups.append({"params": [layer.bias], "lr": rate * layer.bias_rate[normalised]})
    if kind == "sgd":
        return [torch.optim.SGD(groups, lr=rate, weight_decay=decay)]
    if kind in ("momentum", "nesterov"):
        nesterov = kind == "nesterov"
        return [torch.optim.SGD(groups, lr=rate, weight_decay=decay, momentum=settings["momentum"], nesterov=nesterov)]
    if kind in ("adam", "adamw", "amsgrad") or kind in ROOTS:
        options = {"lr": rate, "betas": (settings["beta1"], settings["beta2"]), "eps": settings["epsilon"]}
        if kind in ROOTS:
            return [AdamByHand(groups, **options, root=ROOTS[kind])]
        decoupled = kind == "adamw" or settings.get("decay") == "decoupled"
        adam = torch.optim.AdamW if decoupled else torch.optim.Adam
        return [adam(groups, **options, weight_decay=decay, amsgrad=kind == "amsgrad")]
    if kind == "rmsprop":
        return [
            torch.optim.RMSprop(
                groups,
                lr=rate,
                alpha=settings["smoothing"],
                eps=settings["epsilon"],
                weight_decay=decay,
                momentum=settings["momentum"],
                centered=settings["centered"],
            )
        ]
    if kind == "adagrad":
        return [
            torch.optim.Adagrad(
                groups,
                lr=rate,
                lr_decay=settings["slowing"],
                weight_decay=decay,
                initial_accumulator_value=settings["start"],
                eps=settings["epsilon"],
            )
        ]
    if kind == "muon":
        muon = torch.optim.Muon(
            [p for name, p in network.named() if name in settings["blocks"]],
            lr=rate,
            weight_decay=decay,
            momentum=settings["momentum"],
            nesterov=settings["nesterov"],
            eps=settings["epsilon"],
            ns_steps=settings["steps"],
            adjust_lr_fn=settings["shape"].replace("-", "_"),
        )
        others = [p for name, p in network.named() if name not in settings["blocks"]]
        if not others:
            return [muon]
        aux = torch.optim.AdamW(
            others,
            lr=settings["auxLearningRate"],
            betas=(settings["auxBeta1"], settings["auxBeta2"]),
            eps=settings["auxEpsilon"],
            weight_decay=settings["auxWeightDecay"],
        )
        return [muon, aux]
    raise ValueError(f"no optimiser {kind}")


def scheduler_of(schedule, optimiser):
    """Warm-up from peak/W in W - 1 steps, a cosine down to the floor, or one after the other."""
    warm_up, total = schedule.get("warmUp", 0), schedule.get("cosine")
    parts = []
    if warm_up:
        parts.append(lr_scheduler.LinearLR(optimiser, start_factor=1 / warm_up, total_iters=warm_up - 1))
    if total:
        floor = schedule.get("floor", 0.0) * schedule["peak"]
        parts.append(lr_scheduler.CosineAnnealingLR(optimiser, T_max=total - warm_up, eta_min=floor))
    return parts[0] if len(parts) == 1 else lr_scheduler.SequentialLR(optimiser, parts, milestones=[warm_up])


def train(run, frames, reverse):
    network = Network(run["model"], run["weights"])
    are_labels = run["loss"]["use"] == "cross-entropy"
    x = torch.tensor(run["x"])
    y = torch.tensor(run["y"], dtype=torch.int64 if are_labels else torch.float64)
    loss_of = LOSSES[run["loss"]["use"]](run["loss"])
    settings = run["optimiser"]
    rate = settings["learningRate"]
    schedule = rate if isinstance(rate, dict) else None
    optimisers = optimisers_of(run["torch"], settings, network, schedule["peak"] if schedule else rate)
    scheduler = scheduler_of(schedule, optimisers[0]) if schedule else None
    at_frames = []
    for step in range(frames[-1]):
        batch = [(step * run["batch"] + i) % len(x) for i in range(run["batch"])]
        if reverse:
            batch.reverse()
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss_of(network.forward(x[batch]), y[batch]).backward()
        if "clip" in settings:
            nn.utils.clip_grad_norm_(network.parameters(), settings["clip"])
        for optimiser in optimisers:
            optimiser.step()
        if scheduler:
            scheduler.step()
        if step + 1 in frames:
            at_frames.append({name: p.detach().flatten().tolist() for name, p in network.named()})
    return at_frames


def furthest(first, second):
    return max(abs(a - b) for name in first for a, b in zip(first[name], second[name]))


def main(path):
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    with open(path, encoding="utf8") as file:
        job = json.load(file)
    muon = has_muon()
    results = []
    for run in job["runs"]:
        if run["torch"] == "muon" and not muon:
            results.append(None)
            continue
        weights, again = (train(run, job["frames"], reverse) for reverse in (False, True))
        results.append({"weights": weights, "rounding": [furthest(a, b) for a, b in zip(weights, again)]})
    print(json.dumps({"version": torch.__version__, "runs": results}, allow_nan=False))


main(sys.argv[1])
