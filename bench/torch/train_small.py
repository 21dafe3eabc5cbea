"""Trains a convolutional network of at most 10,000 parameters in PyTorch, as a yardstick for examples/paper-small.spec.

    python3 bench/torch/train_small.py --data DIR --net plain|norm [--seed 0] [--limit N] \\
        [--input 150x150] [--epochs 10] [--batch 50] [--lr 0.004] [--cache PREFIX]

DIR holds `train` and `test`, each with one folder per class. As in the spec:
80 % of `train` is trained on and the rest chooses the epoch, by its loss;
`test` is measured once; images are standardised by the training ones, shifted
by up to 3 %, turned by up to 5 degrees, and flipped; Adam with a cosine
schedule. The last line of the output is JSON. Needs PyTorch, NumPy and Pillow.

plain: four 3x3 convolutions with pooling. norm: depthwise separable blocks with
batch normalisation, the usual small network.
"""

import argparse
import copy
import json
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

sys.dont_write_bytecode = True

from images import load_folder


def separable(inputs, outputs):
    return [
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
    ]


def build(name):
    if name == "plain":
        body = [
            nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(24, 22, 3, padding=1), nn.ReLU(),
        ]
        width = 22
    else:
        body = [
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            *separable(8, 24), nn.MaxPool2d(2), *separable(24, 48), nn.MaxPool2d(2), *separable(48, 64), *separable(64, 48),
        ]
        width = 48
    return nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 2))


def augment(images, generator):
    """Shift by up to 3 %, turn by up to 5 degrees, flip with probability 1/2; bilinear, nearest pixel beyond the border."""
    count = len(images)
    uniform = lambda low, high: low + (high - low) * torch.rand(count, generator=generator)
    angle = uniform(-5, 5) * math.pi / 180
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    # grid_sample's coordinates span 2 from border to border.
    rows = (torch.stack([torch.cos(angle) * mirror, -torch.sin(angle), uniform(-0.06, 0.06)], 1),
            torch.stack([torch.sin(angle) * mirror, torch.cos(angle), uniform(-0.06, 0.06)], 1))
    grid = F.affine_grid(torch.stack(rows, 1), images.shape, align_corners=False)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False)


def evaluate(model, images, labels):
    model.eval()
    losses, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(labels), 100):
            scores = model(images[start:start + 100])
            losses += F.cross_entropy(scores, labels[start:start + 100], reduction="sum").item()
            right += (scores.argmax(1) == labels[start:start + 100]).sum().item()
    model.train()
    return losses / len(labels), right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--net", choices=["plain", "norm"], required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="at most this many images of each part")
    parser.add_argument("--input", default="150x150", help="HxW")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--lr", type=float, default=0.004)
    parser.add_argument("--cache", help="decoded images are kept in PREFIX-train.npz and PREFIX-test.npz")
    args = parser.parse_args()
    height, width = map(int, args.input.split("x"))

    def part(name):
        cache = None if args.cache is None else f"{args.cache}-{name}.npz"
        pixels, labels, _ = load_folder(f"{args.data}/{name}", height, width, "stretch", True, cache, args.limit)
        return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(labels)

    images, labels = part("train")
    test_images, test_labels = part("test")
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    of_class = (torch.nonzero(labels == c).flatten() for c in labels.unique())
    orders = (members[torch.randperm(len(members), generator=generator)] for members in of_class)
    held = torch.cat([order[: len(order) // 5] for order in orders])
    trained = torch.tensor(sorted(set(range(len(labels))) - set(held.tolist())))
    mean = images[trained].mean((0, 2, 3), keepdim=True)
    std = images[trained].std((0, 2, 3), keepdim=True) + 1e-6
    standard = lambda x: (x - mean) / std
    validation, test_images = standard(images[held]), standard(test_images)

    model = build(args.net)
    parameters = sum(p.numel() for p in model.parameters())
    assert parameters <= 10_000
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    steps = math.ceil(len(trained) / args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / (steps * args.epochs))))
    best, started = (math.inf, 0, None), time.time()
    for epoch in range(1, args.epochs + 1):
        order = trained[torch.randperm(len(trained), generator=generator)]
        for start in range(0, len(order), args.batch):
            batch = order[start:start + args.batch]
            loss = F.cross_entropy(model(standard(augment(images[batch], generator))), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        loss, accuracy = evaluate(model, validation, labels[held])
        print(f"epoch {epoch}: validation loss {loss:.4f}, accuracy {accuracy:.4f}", flush=True)
        if loss < best[0]:
            best = loss, epoch, copy.deepcopy(model.state_dict())
    seconds = time.time() - started
    model.load_state_dict(best[2])
    loss, accuracy = evaluate(model, test_images, test_labels)
    print(json.dumps({"net": args.net, "seed": args.seed, "parameters": parameters, "epoch": best[1], "loss": loss, "accuracy": accuracy,
                      "count": len(test_labels), "trained": len(trained), "validation": len(held),
                      "seconds": round(seconds, 1), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
