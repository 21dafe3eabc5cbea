/** @file The functions and classes of an exported PyTorch file. A file gets those that it uses, and what these use. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";

export interface Piece {
  readonly name: string;
  /** Names that it calls or extends, the pieces of the file among them. */
  readonly needs: ReadonlySet<string>;
  readonly text: string;
}

/** Two empty lines part the pieces of a text, as Python's style wants it between definitions. */
function piecesOf(text: string): readonly Piece[] {
  return text
    .trim()
    .split("\n\n\n")
    .map((piece) => {
      const name = /^(?:def|class) (\w+)/.exec(piece)?.[1] ?? bug("a piece defines a function or a class");
      const calls = [...piece.matchAll(/(?<![\w.])\w+(?=\()/g)].map(([call]) => call);
      const base = /^class \w+\((\w+)\)/.exec(piece)?.[1] ?? [];
      return { name, needs: new Set(calls.concat(base)), text: piece };
    });
}

/** In the order in which they stand in a file. */
const scalarPieces = piecesOf(`
def tensors(*values):
    """Numbers become tensors like the others."""
    like = next(value for value in values if torch.is_tensor(value))
    return [value if torch.is_tensor(value) else like.new_full((), value) for value in values]


def maximum(a, b):
    """The larger one; where both are equal the gradient is a's."""
    a, b = tensors(a, b)
    return torch.where(a >= b, a, b)


def minimum(a, b):
    """The smaller one; where both are equal the gradient is a's."""
    a, b = tensors(a, b)
    return torch.where(b >= a, a, b)


def clamp(x, low, high):
    """The slope is 1 on both ends."""
    x, low, high = tensors(x, low, high)
    return torch.where(x >= low, torch.where(high >= x, x, high), low)


def select(condition, a, b):
    condition, a, b = tensors(condition, a, b)
    return torch.where(condition != 0, a, b)


def greater_equal(a, b):
    a, b = tensors(a, b)
    return (a >= b).to(a.dtype)


def step(x):
    return (x >= 0).to(x.dtype)


def tanh(x):
    """Flat beyond 10, where it is 1 in single precision."""
    return torch.tanh(torch.clamp(x, -10, 10))


def softplus(x):
    """log(1 + e^x) for every x."""
    return torch.logaddexp(x, torch.zeros_like(x))


def square_root(x):
    """The slope at 0 is 0."""
    positive = x > 0
    return torch.where(positive, torch.sqrt(torch.where(positive, x, torch.ones_like(x))), torch.zeros_like(x))


def hypot(a, b):
    """The slope at the origin is 0."""
    a, b = tensors(a, b)
    return square_root(a * a + b * b)


def atan2(y, x):
    """0 at the origin, and flat there."""
    y, x = torch.broadcast_tensors(*tensors(y, x))
    origin = (y == 0) & (x == 0)
    return torch.atan2(torch.where(origin, torch.zeros_like(y), y), torch.where(origin, torch.ones_like(x), x))


def power(base, exponent):
    """0 where the base is not positive."""
    base, exponent = tensors(base, exponent)
    positive = base > 0
    result = torch.pow(torch.where(positive, base, torch.ones_like(base)), exponent)
    return torch.where(positive, result, torch.zeros_like(result))


def positive(t):
    """A parameter that stays positive, from its raw value."""
    return softplus(t) + 1e-6


def within(t, low, high):
    """A parameter that stays between two numbers, from its raw value."""
    return low + (high - low) * torch.sigmoid(t)
`);

const startPieces = piecesOf(`
def constant(shape, value):
    return torch.full(shape, float(value))


def normal(shape, mean, deviation):
    return mean + deviation * torch.randn(shape)


def uniform(shape, low, high):
    return low + (high - low) * torch.rand(shape)


def loguniform(shape, low, high):
    return torch.exp(math.log(low) + math.log(high / low) * torch.rand(shape))


def raw_positive(p):
    """The raw value of a positive parameter."""
    p = p - 1e-6
    return p + torch.log(-torch.expm1(-p))


def raw_within(p, low, high):
    """The raw value of a parameter that stays between two numbers; starts keep away from both."""
    share = torch.clamp((p - low) / (high - low), 1e-3, 1 - 1e-3)
    return torch.log(share / (1 - share))
`);

const layerPieces = piecesOf(`
def irfft2(z, size):
    """Half spectra [B, C, H, W // 2 + 1] to images [B, C, H, W].

    Column 0, and W / 2 of an even W, are their own mirror images: of what they are after the inverse along the rows only the real
    part counts. Libraries differ in what they do with the rest, so it is dropped here.
    """
    height, width = size
    z = torch.fft.ifft(z, dim=-2)
    counts = torch.ones(z.shape[-1], dtype=z.real.dtype, device=z.device)
    counts[0] = 0
    if width % 2 == 0:
        counts[-1] = 0
    return torch.fft.irfft(torch.complex(z.real, z.imag * counts), n=width, dim=-1)


def frequencies(size, coords, like):
    """What a filter's formula reads at each bin of a half spectrum: u, v, r and theta."""
    height, width = size
    kx = torch.arange(width // 2 + 1, dtype=like.dtype, device=like.device)
    ky = torch.arange(height, dtype=like.dtype, device=like.device)[:, None]
    u = kx / width                                                       # cycles per pixel, 0 to 0.5
    v = torch.where(2 * ky < height, ky / height, ky / height - 1)       # -0.5 to 0.5
    r, theta = torch.sqrt(u * u + v * v), torch.atan2(v, u)
    if coords == "polar":
        u, v = r, theta / math.pi
    if coords == "wood":
        u, v = kx / (width // 2 + 1), ky / height - 0.5
    return u, v, r, theta


class Layer(nn.Module):
    """The parameters of one layer, by specc's names."""

    def __init__(self, parameters, calibrated=False):
        super().__init__()
        for name, start in parameters.items():
            self._parameters[name] = nn.Parameter(start)    # not register_parameter: it refuses names such as "half"
        if calibrated:
            self.register_buffer("scale", torch.ones(1))    # measured on the first batch, not trained

    def __getitem__(self, name):
        return self._parameters[name]

    def scaled(self, y):
        return y * self.scale if "scale" in self._buffers else y


class ConvSpatial(Layer):
    """A cross-correlation with small kernels [F, C, rows, columns]; padding is (left, right, top, bottom)."""

    def __init__(self, parameters, stride=(1, 1), padding=(0, 0, 0, 0), wrap=False, calibrated=False):
        super().__init__(parameters, calibrated)
        self.stride, self.padding, self.mode = stride, padding, "circular" if wrap else "constant"

    def forward(self, x):
        if any(self.padding):
            x = F.pad(x, self.padding, mode=self.mode)
        y = self.scaled(F.conv2d(x, self["weight"], stride=self.stride))
        return y + self["bias"][:, None, None] if "bias" in self._parameters else y


class NormLayer(Layer):
    """Zero mean and unit variance over all numbers of an image or a vector, then a gain and an offset per channel."""

    def __init__(self, parameters, eps):
        super().__init__(parameters)
        self.eps = eps

    def forward(self, x):
        of_channel = lambda name: self[name].reshape(-1, *[1] * (x.dim() - 2))
        return F.layer_norm(x, x.shape[1:], eps=self.eps) * of_channel("gain") + of_channel("offset")


class ConvSpectral(Layer):
    """Half spectra [B, C, H, K] times the kernel of each filter: [B, F, H, K]. size is that of the image.

    With zeros around images, [B, C, H, W] to [B, F, H, W], on a grid of twice the size, of which the first part is kept.
    """

    def __init__(self, parameters, size, filters, channels="shared", zero_boundary=False, calibrated=False):
        super().__init__(parameters, calibrated)
        self.size, self.filters, self.channels, self.zero_boundary = size, filters, channels, zero_boundary

    def product(self, z):
        kernel = self.kernel()
        if self.channels == "shared":       # every filter sees the sum of the channels
            return z.sum(1, keepdim=True) * kernel
        if self.channels == "weighted":     # a mixture of its own
            return torch.einsum("bchk,fc->bfhk", z, self["mix"].to(z.dtype)) * kernel
        if self.channels == "depthwise":    # one channel
            return z.repeat_interleave(self.filters // z.shape[1], dim=1) * kernel
        return torch.einsum("bchk,fchk->bfhk", z, kernel)

    def forward(self, x):
        bias = self["bias"][:, None, None] if "bias" in self._parameters else None
        if self.zero_boundary:
            (height, width), (rows, columns) = x.shape[-2:], self.size
            z = torch.fft.rfft2(F.pad(x, (0, columns - width, 0, rows - height)))
            y = self.scaled(irfft2(self.product(z), self.size)[..., :height, :width])
            return y if bias is None else y + bias
        y = self.scaled(self.product(x))
        if bias is None:
            return y
        # One number for every pixel is N times that number at the bin of frequency 0.
        constant_bin = torch.zeros(y.shape[-2:], dtype=y.real.dtype, device=y.device)
        constant_bin[0, 0] = self.size[0] * self.size[1]
        return y + bias * constant_bin


class FormulaFilters(ConvSpectral):
    """Kernels that are a formula of the frequency.

    Parameters are [parts, F], or [parts, F, C] with a kernel for each channel; parts is 2 where a real formula makes the real and
    the imaginary part of the kernel.
    """

    def __init__(self, formula, parameters, shape, size, coords="cartesian", **options):
        super().__init__(parameters, size, shape[1], **options)
        self.formula, self.shape, self.coords = formula, shape, coords
        self.register_buffer("like", torch.zeros(()), persistent=False)    # type and device

    def kernel(self):
        raw = lambda name: self[name][..., None, None]
        value = self.formula(raw, *frequencies(self.size, self.coords, self.like))
        shape = (*self.shape, self.size[0], self.size[1] // 2 + 1)
        plane = lambda x: torch.broadcast_to(torch.as_tensor(x, dtype=self.like.dtype, device=self.like.device), shape)
        if isinstance(value, tuple):        # a complex formula
            return torch.complex(plane(value[0])[0], plane(value[1])[0])
        parts = plane(value)
        return torch.complex(parts[0], parts[1] if len(parts) == 2 else torch.zeros_like(parts[0]))


class FreeFilters(ConvSpectral):
    """Kernels with a weight of their own at every bin: [F, H, K, parts], or [F, C, H, K, parts]."""

    def kernel(self):
        weight = self["weight"]
        return torch.complex(weight[..., 0], weight[..., 1] if weight.shape[-1] == 2 else torch.zeros_like(weight[..., 0]))


class Dense(Layer):
    """Every output sees every input: [B, I] to [B, O]."""

    def forward(self, x):
        y = self.scaled(F.linear(x, self["weight"]))
        return y + self["bias"] if "bias" in self._parameters else y


class Project(Layer):
    """A matrix [F, C] at every pixel, bin or entry."""

    def forward(self, x):
        return torch.einsum("fc,bc...->bf...", self["project"].to(x.dtype), x)


class ReluModulus(Layer):
    """Shrinks magnitudes by -b and keeps phases; s scales the coefficients that it sees."""

    def __init__(self, parameters, s):
        super().__init__(parameters)
        self.s = s

    def forward(self, z):
        square = (z.real / self.s) ** 2 + (z.imag / self.s) ** 2
        zero = square == 0
        magnitude = torch.sqrt(torch.where(zero, torch.ones_like(square), square))
        factor = torch.relu(magnitude + self["b"][:, None, None]) / magnitude
        return z * torch.where(zero, torch.zeros_like(factor), factor)


def activate(function, layer, x):
    """A function at every element, with the parameters of a layer: one number per channel."""
    return function(x, lambda name: layer[name].reshape(-1, *[1] * (x.dim() - 2)))


def split(function, z, s):
    """A function of real and imaginary part apart; s scales the coefficients that it sees."""
    return torch.complex(s * function(z.real / s), s * function(z.imag / s))


def targets(labels, y, low, high):
    """[B, O]: high at the label, low elsewhere. One output is the second of two classes."""
    hot = labels[:, None] if y.shape[1] == 1 else F.one_hot(labels, y.shape[1])
    return low + (high - low) * hot.to(y.dtype)


def place(root, path, layer):
    """Registers a layer under its weight path, so that the names of the state_dict are specc's."""
    *folders, name = path.split(".")
    for folder in folders:
        root = root._modules.setdefault(folder, nn.Module())
    root._modules[name] = layer
`);

export const pieces: readonly Piece[] = [...scalarPieces, ...startPieces, ...layerPieces];

/** The text of some pieces and of all that they need, in the order of the table. */
export function textOf(kind: "functions" | "starts" | "layers", used: ReadonlySet<string>): readonly string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    const { needs } = pieces.find((each) => each.name === name) ?? bug(`no piece ${name}`);
    for (const other of pieces) if (needs.has(other.name)) add(other.name);
  };
  for (const name of used) add(name);
  const list = { functions: scalarPieces, starts: startPieces, layers: layerPieces }[kind];
  return list.filter(({ name }) => all.has(name)).map(({ text }) => text);
}
