"""Trains the PyTorch twin of one network of the Wood & Larson presets.

    python3 bench/torch/train_twin.py --preset paper --net gaussian \\
        --data DIR --val DIR [--input 64x64] [--epochs 8] [--batch 32] [--seed 0] [--out FILE]

DIR holds one folder per class, as for `specc train`. Needs PyTorch, NumPy and
Pillow. Prints one JSON object per epoch, and appends the last one to FILE.
Differences between the presets are those of the two .spec files: targets and
head, images (stretch or cover, standardised or not) and the form of Adam.
"""

import argparse
import json
import math
import pathlib
import sys
import time

import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True

from images import load_folder
from twins import build, load_starts


class KerasAdam(torch.optim.Optimizer):
    """p - lr sqrt(1-b2^t)/(1-b1^t) m/(sqrt(s)+eps): eps is outside of the correction."""

    def __init__(self, params, lr=1e-3, b1=0.9, b2=0.999, eps=1e-7):
        super().__init__(params, {"lr": lr, "b1": b1, "b2": b2, "eps": eps})
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for group in self.param_groups:
            b1, b2 = group["b1"], group["b2"]
            rate = group["lr"] * math.sqrt(1 - b2**self.t) / (1 - b1**self.t)
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["m"], state["s"] = torch.zeros_like(p), torch.zeros_like(p)
                state["m"].mul_(b1).add_(p.grad, alpha=1 - b1)
                state["s"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                p.addcdiv_(state["m"], state["s"].sqrt().add_(group["eps"]), value=-rate)


def to_images(pixels):
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255


def evaluate(model, images, labels, loss_of):
    model.eval()
    losses, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(labels), 100):
            y, t = model(images[start:start + 100]), labels[start:start + 100]
            losses += loss_of(y, t).item() * len(t)
            right += (y.argmax(1) == t).sum().item()
    model.train()
    return losses / len(labels), right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=["paper", "code"], required=True)
    parser.add_argument("--net", choices=["spatial", "raw", "linear", "gaussian"], required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--val", required=True)
    parser.add_argument("--input", default="64x64", help="HxW")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", help="folder for the decoded images")
    parser.add_argument("--params", help="starts that `specc init` wrote for the same network, instead of drawing them")
    parser.add_argument("--out", help="file that gets one JSON line per run")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    # Dying activations become denormal, and those are many times slower on a CPU.
    torch.set_flush_denormal(True)
    size = tuple(int(part) for part in options.input.split("x")[:2])
    paper = options.preset == "paper"
    fit, antialias = ("stretch", True) if paper else ("cover", False)

    def load(folder, part):
        cache = None
        if options.cache:
            pathlib.Path(options.cache).mkdir(parents=True, exist_ok=True)
            cache = str(pathlib.Path(options.cache) / f"{part}-{options.preset}-{size[0]}x{size[1]}.npz")
        pixels, labels, names = load_folder(folder, *size, fit, antialias, cache)
        return to_images(pixels), torch.from_numpy(labels).long(), names

    images, labels, names = load(options.data, "train")
    test_images, test_labels, test_names = load(options.val, "test")
    if names != test_names or len(names) != 2:
        raise SystemExit(f"two classes with the same names are needed: {names} and {test_names}")
    if not paper:
        # Training images only: the published evaluation leaves test images as they are.
        mean = images.mean((0, 2, 3), keepdim=True)
        deviation = images.std((0, 2, 3), unbiased=False, keepdim=True)
        images = (images - mean) / (deviation + 1e-6)

    def loss_of(y, t):
        hot = F.one_hot(t, 2).float()
        return ((y - (2 * hot - 1 if paper else hot))**2).mean()

    torch.manual_seed(options.seed)
    model = build(options.preset, options.net, size)
    if options.params:
        load_starts(model, options.params)
    optimizer = (torch.optim.Adam if paper else KerasAdam)(model.parameters(), lr=options.lr)
    best, line = 0.0, {}
    for epoch in range(1, options.epochs + 1):
        started, total = time.perf_counter(), 0.0
        for chosen in torch.randperm(len(labels)).split(options.batch):
            optimizer.zero_grad()
            loss = loss_of(model(images[chosen]), labels[chosen])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        test_loss, accuracy = evaluate(model, test_images, test_labels, loss_of)
        best = max(best, accuracy)
        line = {"preset": options.preset, "net": options.net, "seed": options.seed, "input": options.input,
                "train": len(labels), "test": len(test_labels), "epoch": epoch, "loss": round(total / len(labels), 5),
                "test_loss": round(test_loss, 5), "test_accuracy": round(accuracy, 4), "best": round(best, 4),
                "seconds": round(time.perf_counter() - started, 1)}
        print(json.dumps(line), flush=True)
    if options.out:
        with open(options.out, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
