"""PyTorch twins of the networks of wood2021-paper.spec and wood2021-code.spec.

Only what these files use: `channels: shared`, `parts: split`. Starts are those
of the language's own families, or of the file where it declares a filter.
"""

import json
import math
import pathlib
import struct

import torch
from torch import nn


def grid(height, width, wood):
    """u and v, each [H][K]: cycles per pixel, or the stretched and shifted grid of the published code."""
    columns = width // 2 + 1
    kx, ky = torch.arange(columns), torch.arange(height)
    if wood:
        u, v = kx / columns, ky / height - 0.5
    else:
        u, v = kx / width, torch.where(2 * ky < height, ky / height, ky / height - 1)
    return u.expand(height, columns), v[:, None].expand(height, columns)


class Free(nn.Module):
    def __init__(self, filters, channels, size, glorot):
        super().__init__()
        height, columns = size[0], size[1] // 2 + 1
        shape = (2, filters, height, columns)
        if glorot:
            limit = math.sqrt(6 / (height * columns + height * filters))
            self.weight = nn.Parameter((2 * torch.rand(shape) - 1) * limit)
        else:
            self.weight = nn.Parameter(torch.randn(shape) * 0.3 / math.sqrt(channels))

    def forward(self):
        return torch.complex(self.weight[0], self.weight[1])


class Formula(nn.Module):
    """A real formula, once for each part; parameters are [2][F]."""

    def __init__(self, filters, size, wood, starts):
        super().__init__()
        self.params = nn.ParameterDict({name: nn.Parameter(start(torch.empty(2, filters)))
                                        for name, start in starts.items()})
        u, v = grid(*size, wood)
        self.register_buffer("u", u)
        self.register_buffer("v", v)

    def forward(self):
        planes = self.plane(**{name: value[:, :, None, None] for name, value in self.params.items()})
        return torch.complex(planes[0], planes[1])


def normal(deviation):
    return lambda t: t.normal_(0, deviation)


class Linear(Formula):
    def __init__(self, filters, channels, size):
        gain = normal(1.2 / math.sqrt(channels))
        super().__init__(filters, size, False, {"s1": gain, "s2": gain})

    def plane(self, s1, s2):
        return s1 * self.u + s2 * self.v


class Gaussian(Formula):
    def __init__(self, filters, channels, size):
        inside = lambda t: torch.logit(t.uniform_(0, 1), eps=1e-3)
        sharpness = lambda t: torch.log(torch.expm1(torch.exp(t.uniform_(math.log(2), math.log(16)))))
        super().__init__(filters, size, False, {
            "g": normal(1.8 / math.sqrt(channels)), "mu": inside, "mv": inside, "a": sharpness, "b": sharpness,
            "c": normal(1.0)})

    def plane(self, g, mu, mv, a, b, c):
        a, b = (nn.functional.softplus(t) + 1e-6 for t in (a, b))
        dx, dy = self.u - 0.5 * torch.sigmoid(mu), self.v + 0.5 - torch.sigmoid(mv)
        return g * torch.exp(-0.5 * ((a * dx + c * dy)**2 + (b * dy)**2))


class Line(Formula):
    def __init__(self, filters, _channels, size):
        super().__init__(filters, size, True, {name: normal(0.005) for name in ("su", "bu", "sv", "bv")})

    def plane(self, su, bu, sv, bv):
        return su * (self.u - 0.5) + bu + sv * self.v + bv


class Bump(Formula):
    def __init__(self, filters, _channels, size):
        super().__init__(filters, size, True, {name: normal(0.05) for name in ("g", "mu", "mv", "a", "b", "c")})

    def plane(self, g, mu, mv, a, b, c):
        du, dv = self.u - mu, self.v - mv
        return g * torch.exp(-a * du**2 + 2 * b * du * dv - c * dv**2)


def glorot(layer):
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Spatial(nn.Module):
    """Four 3x3 convolutions with ReLU; both files have the same ones."""

    def __init__(self, size, signed, filters=6):
        super().__init__()
        layers, channels = [], 3
        for _ in range(4):
            layers += [glorot(nn.Conv2d(channels, filters, 3, padding="same")), nn.ReLU()]
            channels = filters
        self.body = nn.Sequential(*layers, nn.Flatten(), glorot(nn.Linear(filters * size[0] * size[1], 2)))
        self.signed = signed

    def forward(self, x):
        y = self.body(x)
        return torch.tanh(y) if self.signed else y


class Paper(nn.Module):
    """Product, inverse transform, ReLU on the image; dense tanh."""

    def __init__(self, make, size, filters=6):
        super().__init__()
        self.size = size
        self.filters = nn.ModuleList([make(filters, channels, size) for channels in (3, filters, filters, filters)])
        self.head = glorot(nn.Linear(filters * size[0] * size[1], 2))

    def forward(self, x):
        for kernel in self.filters:
            z = torch.fft.rfft2(x.sum(1, keepdim=True)) * kernel()
            x = torch.relu(torch.fft.irfft2(z, s=self.size))
        return torch.tanh(self.head(x.flatten(1)))


class Code(nn.Module):
    """One transform at the input, ReLU on real and imaginary part, no inverse; dense."""

    def __init__(self, make, widths, size):
        super().__init__()
        inputs = [3, *widths[:-1]]
        self.filters = nn.ModuleList([make(width, channels, size) for width, channels in zip(widths, inputs)])
        self.head = glorot(nn.Linear(2 * size[0] * (size[1] // 2 + 1) * widths[-1], 2))

    def forward(self, x):
        z = torch.fft.rfft2(x)
        for kernel in self.filters:
            z = z.sum(1, keepdim=True) * kernel()
            z = torch.complex(torch.relu(z.real), torch.relu(z.imag))
        return self.head(torch.view_as_real(z).flatten(1))


def build(preset, net, size, filters=6):
    """`filters` is for the paper's networks; those of the code have widths of their own."""
    if preset == "paper":
        return {
            "spatial": lambda: Spatial(size, signed=True, filters=filters),
            "raw": lambda: Paper(lambda f, c, s: Free(f, c, s, glorot=False), size, filters),
            "linear": lambda: Paper(Linear, size, filters),
            "gaussian": lambda: Paper(Gaussian, size, filters),
        }[net]()
    return {
        "spatial": lambda: Spatial(size, signed=False),
        "raw": lambda: Code(lambda f, c, s: Free(f, c, s, glorot=True), [6] * 4, size),
        "linear": lambda: Code(Line, [6] * 4, size),
        "gaussian": lambda: Code(Bump, [6, 6, 12, 12, 24, 24], size),
    }[net]()


def load_starts(model, path):
    """Copies the tensors of a safetensors file into a network of the paper preset."""
    content = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    tensors = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = torch.frombuffer(bytearray(content[8 + length + begin:8 + length + end]), dtype=torch.float32)
            tensors[name] = values.reshape(entry["shape"])
    spatial = isinstance(model, Spatial)
    kernels = [part for part in model.body if isinstance(part, nn.Conv2d)] if spatial else model.filters
    head = model.body[-1] if spatial else model.head
    with torch.no_grad():
        for layer, kernel in enumerate(kernels, 1):
            if spatial:
                kernel.weight.copy_(tensors[f"conv.{layer}.weight"])
                kernel.bias.copy_(tensors[f"conv.{layer}.bias"])
            elif hasattr(kernel, "weight"):
                # Ours ends with real and imaginary part, the twin's begins with them.
                kernel.weight.copy_(tensors[f"conv.{layer}.weight"].permute(3, 0, 1, 2))
            else:
                for name, value in kernel.params.items():
                    value.copy_(tensors[f"conv.{layer}.{name}"])
        head.weight.copy_(tensors["dense.1.weight"])
        head.bias.copy_(tensors["dense.1.bias"])
