/** @file The training script beside an exported PyTorch file: the same loss, optimizer, schedule, split and order of images. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import { hasLoss, headOf } from "../../compiler/network/head.ts";
import type { Network } from "../../compiler/network/network.ts";
import { parse } from "../../compiler/syntax/parser.ts";
import type { ExportedModel } from "../format.ts";
import { dataText, measureText, randomText } from "./data.ts";
import { pythonNumber } from "./expr.ts";
import type { NetworkText } from "./network.ts";

/** Undefined where there is nothing to train, or nothing to train on: signals, and networks that end in an image. */
export function trainingScript(model: ExportedModel, text: NetworkText, stem: string): string | undefined {
  const { network, input, params } = model;
  if (!hasLoss(network) || input.kind !== "image" || !params.some(({ trained }) => trained)) return undefined;
  const { train } = network;
  const scales = params.filter(({ trained }) => !trained).map(({ path }) => path.replace(/\.scale$/, ""));
  const augmented = parse(network.source).file?.items.some(({ kind }) => kind === "augment") === true;
  const correct = input.outputs === 1 ? `(outputs[:, 0] > ${pythonNumber(input.threshold)}).long()` : "outputs.argmax(1)";
  const split = train.split.kind === "count" ? String(train.split.count) : pythonNumber(train.split.share);
  const about =
    `Trains the network of ${stem}.py as specc would: ` +
    "loss, optimizer, schedule, seed, split and order of the images are the program's.";
  const meaning = train.split.kind === "count" ? "images that train; the others validate" : "the share that trains; the others validate";
  const fitting = [input.fit === "cover", input.antialias];
  const parts = [
    ...(input.standardise === "off" ? [] : [measureText]),
    ...(scales.length === 0 ? [] : [calibrationText(network, scales)]),
    loopText(model, text, correct, scales.length > 0, augmented, stem),
  ];
  return `"""${about}

    python ${stem}-train.py --data photos
    torchrun --nproc_per_node=4 ${stem}-train.py --data photos

torchrun shares each batch among processes, on GPUs (nccl) or processors (gloo), on one machine or several; the gradient is that
of the whole batch. --data is a folder with a folder of images for each class, which needs Pillow (pip install pillow; torchvision
is not needed), or with IDX files as MNIST has them, which need nothing. Either may be divided into train and val.

The weights of the best epoch are written in specc's format: specc train --params, grad --params and compile --params take them.
Not the same as in specc: start values (PyTorch's random numbers, or --params, for example of \`specc init\`), the masks of dropout,
and pixels of resized images, by one level at most.
"""

import argparse
import gzip
import importlib
import math
import os
import pathlib
import struct
import time

import torch
import torch.distributed as distributed
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

net = importlib.import_module("${stem}")

SIZE = (${input.height}, ${input.width}, ${input.channels})    # height, width, channels
BATCH, EPOCHS, SEED = ${train.batch}, ${train.epochs}, ${train.seed}
SPLIT = ${split}    # ${meaning}
COVER, ANTIALIAS = ${fitting.map(pythonBoolean).join(", ")}    # cut to the proportions first; filter when shrinking
${augmented ? `NOTE = "the \`augment\` of the program is not part of this script: images come as they are"\n` : ""}

${optimizerText(network, params)}


${scheduleText(network)}


${randomText}


${dataText}


${parts.join("\n\n\n")}
`;
}

function pythonBoolean(value: boolean): string {
  return value ? "True" : "False";
}

function optimizerText({ train }: Network, params: ExportedModel["params"]): string {
  const { name, lr, options, decay, decayAll, clip } = train.optimizer;
  const decayed = decay === 0 ? [] : params.filter((param) => param.trained && (decayAll || param.decayed)).map(({ path }) => path);
  const betas = `betas=(${options["beta1"]}, ${options["beta2"]}), eps=EPS`;
  const make =
    {
      sgd: `torch.optim.SGD(groups, lr=LR, momentum=${options["momentum"]}, nesterov=${pythonBoolean(options["nesterov"] === true)})`,
      adam: `torch.optim.Adam(groups, lr=LR, ${betas})`,
      adamw: `torch.optim.AdamW(groups, lr=LR, ${betas})`,
    }[name] ?? bug(`no optimizer ${name} in PyTorch`);
  const keras = options["form"] === "keras";
  const corrected = `group["eps"] = EPS / math.sqrt(1 - ${options["beta2"]} ** (step + 1))`;
  return `LR = ${pythonNumber(lr)}
${name === "sgd" ? "" : `EPS = ${pythonNumber(Number(options["eps"]))}\n`}DECAY = ${pythonNumber(decay)}
DECAYED = ${decayed.length === 0 ? "set()" : `{${decayed.map((path) => JSON.stringify(path)).join(", ")}}`}    # where it applies
CLIP = ${clip === null ? "None" : pythonNumber(clip)}    # of the norm of the whole gradient


def make_optimizer(model):
    named = list(model.named_parameters())
    groups = [{"params": [p for name, p in named if name in DECAYED], "weight_decay": DECAY},
              {"params": [p for name, p in named if name not in DECAYED], "weight_decay": 0}]
    return ${make}


def take_step(optimizer, model, step, lr):
    """step counts from 0."""
    if CLIP is not None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    for group in optimizer.param_groups:
        group["lr"] = lr${keras ? `\n        ${corrected}    # Keras adds it before it corrects` : ""}
    optimizer.step()`;
}

function scheduleText({ train: { schedule } }: Network): string {
  const body = {
    constant: () => ["return lr"],
    step: () =>
      schedule.kind === "step"
        ? [`return lr * ${pythonNumber(schedule.by)} ** sum(entry <= step / steps_per_epoch for entry in [${schedule.at.join(", ")}])`]
        : [],
    cosine: () =>
      schedule.kind === "cosine"
        ? [
            "epoch = step / steps_per_epoch",
            `warmup, floor = ${pythonNumber(schedule.warmup)}, ${pythonNumber(schedule.floor)}`,
            "if epoch < warmup:",
            "    return lr * (step + 1) / (warmup * steps_per_epoch)",
            "progress = min((epoch - warmup) / (epochs - warmup), 1) if epochs > warmup else 1",
            "return lr * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))",
          ]
        : [],
  }[schedule.kind]();
  return [
    "def learning_rate(lr, step, steps_per_epoch, epochs):",
    `    """${schedule.kind}; step counts from 0 over the whole run."""`,
    ...body.map((line) => `    ${line}`),
  ].join("\n");
}

/** See docs/numerics.md#starts. */
function calibrationText(network: Network, paths: readonly string[]): string {
  const kinds = paths.map((path) => {
    const node =
      network.nodes.find((candidate) => candidate.path === path && candidate.params.some(({ name }) => name === "scale")) ??
      bug(`no layer ${path}`);
    const { domain, height, width } = node.type;
    const size = domain.endsWith("spectrum") ? `(${height as number}, ${width as number})` : domain === "vector" ? "None" : "()";
    return `    (${JSON.stringify(path)}, ${size}),`;
  });
  const spectra = network.nodes.some((node) => paths.includes(node.path) && node.type.domain.endsWith("spectrum"));
  return `# Layers with \`init: calibrated\`, and the size of the image that a spectrum belongs to; None: a dense layer.
CALIBRATED = [
${kinds.join("\n")}
]


def calibrate(model, x):
    """Sets the scales from the first batch: outputs of size 1, and heads that one step cannot saturate."""
    for path, size in CALIBRATED:
        layer, seen = model.layer(path), []
        if layer.scale.item() != 1:
            continue    # measured before
        hook = layer.register_forward_hook(lambda _layer, inputs, output: seen.append((inputs[0], output)))
        with torch.no_grad():
            model(x)
        hook.remove()
        taken, y = seen[0]
        if size is None:
            layer.scale.fill_(min(1, 0.3 / (LR * taken.abs().sum(1).mean().item())))
        else:
            ${spectra ? "y = net.irfft2(y, size) if size else y\n            " : ""}layer.scale.fill_(1 / y.square().mean().sqrt().item())`;
}

function loopText(
  { network }: ExportedModel,
  { logits }: NetworkText,
  correct: string,
  calibrates: boolean,
  augmented: boolean,
  stem: string,
): string {
  const standardise = network.input.standardise;
  const training = standardise === "training" ? ", training=True" : "";
  const measure =
    standardise === "off"
      ? ""
      : `
    if net.STATISTICS is None:
        net.STATISTICS = measure(data, train, rank, world, device)
        say(f"standardised by mean {net.STATISTICS[0]}, deviation {net.STATISTICS[1]}")`;
  const values = standardise === "training" ? "net.to_values(pixels.to(device), training=training)" : "net.to_values(pixels.to(device))";
  const taken = logits ? "model(x, logits=True)" : "model(x)";
  const outputs =
    logits && headOf(network).activation === "sigmoid"
      ? `taken = ${taken}\n        outputs = taken.sigmoid()`
      : `outputs = taken = ${taken}`;
  return `def run(model, data, batches, device, training, after=None):
    """Mean loss and accuracy over batches of the whole group of processes; training takes a step after each."""
    rank, world = (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)
    shares = [batch[rank::world] or batch[:1] for batch in batches]    # a small batch may have nothing for some: weight 0
    sums = torch.zeros(3, dtype=torch.float64)
    loader = torch.utils.data.DataLoader(data, batch_sampler=shares, num_workers=data.workers)
    for number, (batch, (pixels, labels)) in enumerate(zip(batches, loader)):
        x, labels = ${values}, labels.to(device)
        count = len(batch[rank::world])
        ${outputs}
        # Processes are averaged, so that the sum over them is the mean over the whole batch.
        loss = net.loss(taken, labels) * (count / len(batch) * world)
        if training:
            model.zero_grad(set_to_none=True)
            loss.backward()
            after(number)
        with torch.no_grad():
            right = (${correct} == labels).sum().item() if count > 0 else 0
        sums += torch.tensor([loss.item() * len(batch) / world, right, count], dtype=torch.float64)
    if world > 1:
        total = sums.to(device)
        distributed.all_reduce(total)
        sums = total.cpu()
    return (sums[0] / sums[2]).item(), (sums[1] / sums[2]).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of class folders, or of IDX files")
    parser.add_argument("--val", help="validation images; else the val part of --data, else a share of it")
    parser.add_argument("--params", help="begin with these parameters (safetensors)")
    parser.add_argument("--out", default=str(pathlib.Path(__file__).with_name("${stem}-trained.safetensors")))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--lr", type=float, default=LR)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--steps", type=int, help="stop after this many steps of each epoch")
    parser.add_argument("--workers", type=int, default=0, help="processes that decode images")
    args = parser.parse_args()
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    if world > 1:
        distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        train_network(args, device, rank, world)
    finally:
        if world > 1:
            distributed.destroy_process_group()


def train_network(args, device, rank, world):
    say = print if rank == 0 else lambda *_: None
${augmented ? "    say(NOTE)\n" : ""}    data, train, validation, validating = open_data(args, say)
    data.workers = validating.workers = args.workers
    torch.manual_seed(args.seed)
    network = net.Network().to(device)
    if args.params:
        network.load_state_dict(net.load_safetensors(args.params))${measure}
${
  calibrates
    ? `    first = [train[i] for i in epoch_order(args.seed, 0, len(train))][:args.batch]
    calibrate(network, net.to_values(torch.stack([data[i][0] for i in first]).to(device)${training}))\n`
    : ""
}    model = DistributedDataParallel(network, device_ids=[device.index] if device.type == "cuda" else None) if world > 1 else network
    optimizer = make_optimizer(network)
    torch.manual_seed(args.seed + rank)    # dropout differs from process to process
    whole = math.ceil(len(train) / args.batch)
    steps = min(whole, args.steps or whole)
    say(f"{len(train)} images train, {len(validation)} validate, {world} {'process' if world == 1 else 'processes'}, "
        f"{device.type}, steps of an epoch: {steps}")
    best = None
    for epoch in range(args.epochs):
        began, order = time.time(), [train[i] for i in epoch_order(args.seed, epoch, len(train))]
        rate = lambda number: learning_rate(args.lr, epoch * whole + number, whole, args.epochs)
        model.train()
        loss, accuracy = run(model, data, in_batches(order, args.batch)[:steps], device, True,
                             lambda number: take_step(optimizer, network, epoch * whole + number, rate(number)))
        line = f"epoch {epoch + 1}/{args.epochs}  loss {loss:.6f}  accuracy {accuracy:.4f}"
        watched = loss
        if validation:
            network.eval()
            with torch.no_grad():
                watched, accuracy = run(network, validating, in_batches(validation, args.batch), device, False)
            line += f"  val_loss {watched:.6f}  val_accuracy {accuracy:.4f}"
        say(f"{line}  lr {rate(steps - 1):.6g}  {time.time() - began:.1f} s")
        if best is None or watched < best:
            best = watched
            if rank == 0:
                net.save_safetensors(args.out, network.state_dict())
    say(f"wrote {args.out}, the weights of the epoch with the lowest loss, {best:.6f}")


if __name__ == "__main__":
    main()`;
}
