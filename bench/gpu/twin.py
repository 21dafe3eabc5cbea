"""PyTorch's part of bench/gpu/compare.mjs: the same network and start, eager and through torch.compile.

    python3 bench/gpu/twin.py --work DIR --size 150 --filters 16 --batch 32 [--net gaussian] [--device cuda] [--queued 50] [--reference]

Prints one JSON object: of each form times, outputs and losses; with --reference also those in double precision.
"""

import argparse
import copy
import json
import pathlib
import statistics
import sys
import time

import torch

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "torch"))

from twins import build, load_starts


def read(folder, name, dtype):
    return torch.frombuffer(bytearray((pathlib.Path(folder) / name).read_bytes()), dtype=dtype)


def loss_of(y, labels):
    hot = torch.nn.functional.one_hot(labels, 2).to(y.dtype)
    return ((y - (2 * hot - 1))**2).mean()


class Form:
    """One way to run the network: forward and training step on a model of its own."""

    def __init__(self, model, wrap):
        self.model = copy.deepcopy(model)
        self.forward = wrap(self.model)
        self.loss = wrap(lambda x, labels: loss_of(self.model(x), labels))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)

    def infer(self, x):
        with torch.no_grad():
            return self.forward(x)

    def step(self, x, labels):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(x, labels)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def measure(form, host, device, queued):
    """Milliseconds, as bench/gpu/specc.mjs measures them."""
    x, labels = (t.to(device) for t in host)
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None

    def in_queue(run):
        best = float("inf")
        for _ in range(3):
            wait()
            started = time.perf_counter()
            for _ in range(queued):
                run()
            wait()
            best = min(best, (time.perf_counter() - started) / queued)
        return 1e3 * best

    def one_by_one(run):
        times = []
        for _ in range(min(queued, 25)):
            started = time.perf_counter()
            run()
            times.append(time.perf_counter() - started)
        return 1e3 * statistics.median(times)

    return {
        "forward, images on the device": in_queue(lambda: form.infer(x)),
        "training step, images on the device": in_queue(lambda: form.step(x, labels)),
        "forward, from host to host": one_by_one(lambda: form.infer(host[0].to(device)).cpu()),
        "training step, from host to host": one_by_one(lambda: form.step(*(t.to(device) for t in host)).item()),
    }


def first_results(form, x, labels):
    outputs = form.infer(x).double().flatten().tolist()
    return {"outputs": outputs, "losses": [form.step(x, labels).item() for _ in range(3)]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--net", default="gaussian")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--filters", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--queued", type=int, default=50)
    parser.add_argument("--reference", action="store_true")
    options = parser.parse_args()

    device = torch.device(options.device)
    size = (options.size, options.size)
    model = build("paper", options.net, size, options.filters)
    load_starts(model, pathlib.Path(options.work) / "params.safetensors")
    images = read(options.work, "images.bin", torch.float32).reshape(options.batch, 3, *size)
    host = images, read(options.work, "labels.bin", torch.int32).long()
    if device.type == "cuda":
        host = tuple(t.pin_memory() for t in host)
    on_device = [t.to(device) for t in host]
    result = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if device.type == "cuda" else "CPU", "forms": {}}
    if options.reference:
        result["reference"] = first_results(Form(model.double().to(device), lambda f: f), on_device[0].double(), on_device[1])
        model = model.float()

    forms = {"eager": lambda f: f}
    if hasattr(torch, "compile"):
        forms["compile"] = torch.compile
        # CUDA graphs: the fewest launches that PyTorch offers.
        forms["compile, reduce-overhead"] = lambda f: torch.compile(f, mode="reduce-overhead")
    for name, wrap in forms.items():
        try:
            form = Form(model.to(device), wrap)
            results = first_results(form, *on_device)
            result["forms"][name] = {**results, "ms": measure(form, host, device, options.queued)}
        except Exception as error:  # whatever a compiler throws: the other forms still count
            said = str(error).strip().splitlines()
            result["forms"][name] = {"failed": f"{type(error).__name__}: {said[0] if said else ''}"}
    print(json.dumps(result))


main()
