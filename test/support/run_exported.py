"""Runs exported networks in double precision: run_exported.py FOLDER

For each NAME.batch.safetensors (images [B,H,W,C], labels) imports NAME.py, loads NAME.safetensors and writes
NAME.result.safetensors: outputs, loss, grad/PATH, and the state_dict as state/PATH, all f64.
"""

import importlib
import pathlib
import sys

import torch

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fixtures"))

from tensors import save


def check(folder, name):
    module = importlib.import_module(name)
    model = module.Network()
    module.save_safetensors(folder / f"{name}.again.safetensors", model.state_dict())
    model.load_state_dict(module.load_safetensors(folder / f"{name}.again.safetensors"))
    model.load_state_dict(module.load_safetensors(folder / f"{name}.safetensors"))
    model.double().eval()
    batch = module.load_safetensors(folder / f"{name}.batch.safetensors")
    images, labels = batch["images"].double().permute(0, 3, 1, 2), batch["labels"]
    fused = "logits" in model.forward.__code__.co_varnames
    outputs = model(images)
    loss = module.loss(model(images, logits=True) if fused else outputs, labels)
    loss.backward()
    tensors = {"outputs": outputs, "loss": loss.reshape(1)}
    for path, parameter in model.named_parameters():
        tensors[f"grad/{path}"] = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
    for path, value in model.state_dict().items():
        tensors[f"state/{path}"] = value
    save(folder / f"{name}.result.safetensors", {path: tensor.detach().numpy() for path, tensor in tensors.items()})


def main(folder):
    torch.set_num_threads(1)
    sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("*.batch.safetensors")):
        check(folder, path.name[:-len(".batch.safetensors")])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
