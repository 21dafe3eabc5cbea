/** @file `--to pytorch`: a network as one readable file of Python, its weights, and a script that trains it. */

import { DataError } from "../data/data-error.ts";
import type { PlanInput } from "../plan/plan.ts";
import type { ExportedFile, ExportedModel, Exporter } from "./format.ts";
import { pythonNumber } from "./pytorch/expr.ts";
import type { NetworkText } from "./pytorch/network.ts";
import { writeNetwork } from "./pytorch/network.ts";
import { textOf } from "./pytorch/pieces.ts";
import { hidesModule } from "./pytorch/python-modules.ts";
import { trainingScript } from "./pytorch/train.ts";
import { exportSafetensors } from "./safetensors.ts";

export const exportPytorch: Exporter = async (model, options, stem) => {
  if (!/^[\w-]+$/.test(stem))
    throw new DataError(`\`${stem}\` cannot be the name of a module of Python`, { help: "letters, digits, _ and -: --out net.py" });
  if (hidesModule(stem))
    throw new DataError(`${stem}.py would hide the module \`${stem}\` of Python, which PyTorch needs`, {
      help: `another name: --out ${stem}-net.py`,
    });
  const text = writeNetwork(model.network);
  const [weights] = await exportSafetensors(model, { ...options, expanded: false }, stem);
  const script = trainingScript(model, text, stem);
  const files: readonly ExportedFile[] = [{ suffix: ".py", content: moduleText(model, text, stem) }, weights];
  return script === undefined ? files : [...files, { suffix: "-train.py", content: script }];
};

/** A line of Python for each line of the program. */
export function programComment(model: ExportedModel): string {
  return model.network.source.text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `#     ${line}`.trimEnd())
    .join("\n");
}

/** The file with the class `Network`. */
export function moduleText(model: ExportedModel, text: NetworkText, stem: string): string {
  const name = model.network.netName ?? stem;
  const values = model.input.kind === "image" ? [valuesText(model)] : [];
  const imports = ["functools", "json", "math", "struct"];
  const body = [
    ...values,
    ...textOf("functions", text.used),
    ...text.formulas,
    ...textOf("layers", text.used),
    ...textOf("starts", text.used),
    text.network,
    ...(text.loss === undefined ? [] : [text.loss]),
    loading,
  ].join("\n\n\n");
  const needed = imports.filter((module) => new RegExp(`\\b${module}\\.`).test(body));
  return `"""${JSON.stringify(name).slice(1, -1)}, a network of specc ${model.version}, for PyTorch 1.13 or newer; nothing else is needed.

    model = Network()
    model.load_state_dict(load_safetensors("${stem}.safetensors"))
    outputs = model.eval()(${model.input.kind === "image" ? "to_values(pixels)" : "values"})    # ${usage(model.input)}

The names of the state_dict are specc's weight paths, and so are those of its files. Without them the
weights are drawn from the same distributions as specc's, by PyTorch's random numbers.
"""

# The program:
#
${programComment(model)}

${needed.map((module) => `import ${module}`).join("\n")}

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = ${model.classes === null ? "None" : JSON.stringify(model.classes)}

${body}
`;
}

function usage({ kind, height, width, channels }: PlanInput): string {
  return kind === "image" ? `pixels: uint8 [B, ${height}, ${width}, ${channels}]` : `values: [B, ${channels}, 1, ${width}]`;
}

function list(values: readonly number[]): string {
  return `[${values.map(pythonNumber).join(", ")}]`;
}

/** How pixels become numbers (docs/numerics.md#from-images-to-numbers). */
function valuesText({ input, statistics }: ExportedModel): string {
  const {
    range: [low, high],
    mean,
    std,
    standardise,
    height,
    width,
    channels,
  } = input;
  const perChannel = (text: string): string => `torch.tensor(${text}).to(x)[:, None, None]`;
  const shapes = `uint8 [B, ${height}, ${width}, ${channels}], as what the network takes, [B, ${channels}, ${height}, ${width}]`;
  const lines = [
    ...(low === 0 && high === 1 ? [] : [`    x = ${pythonNumber(low)} + ${pythonNumber(high - low)} * x`]),
    ...(mean === null ? [] : [`    x = x - ${perChannel(list(mean))}`]),
    ...(std === null ? [] : [`    x = x / ${perChannel(list(std))}`]),
    "    return x",
  ];
  const unit = (name: string, about: string): string =>
    [
      `def ${name}(pixels, dtype=None):`,
      `    """${about}"""`,
      "    x = pixels.permute(0, 3, 1, 2).to(dtype or torch.get_default_dtype()) / 255",
      ...lines,
    ].join("\n");
  if (standardise === "off") return unit("to_values", `Pixels, ${shapes}.`);
  const known =
    statistics === null
      ? "None    # mean and deviation of each channel: the training script measures them"
      : `(${list(statistics.mean)}, ${list(statistics.deviation)})    # mean and deviation of each channel`;
  const training = standardise === "training";
  return `STATISTICS = ${known}


${unit("unit_values", "Before they are standardised.")}


def to_values(pixels${training ? ", training=False" : ""}):
    """Pixels, ${shapes}.${training ? " Standardised in training alone, as the program says." : ""}"""
    x = unit_values(pixels)
${training ? "    if not training:\n        return x\n" : ""}    mean, deviation = (${perChannel("values")} for values in STATISTICS)
    return (x - mean) / (deviation + 1e-6)`;
}

const loading = `
def load_safetensors(path):
    """The tensors of a file of specc by name, for load_state_dict."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    types = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            values = torch.frombuffer(bytearray(data[begin:end]), dtype=types[entry["dtype"]])
            tensors[name] = values.reshape(entry["shape"])
    return tensors


def save_safetensors(path, tensors):
    """A file that load_safetensors and \`specc train --params\` read; numbers become f32."""
    header, parts, end = {"__metadata__": {"format": "specc parameters"}}, [], 0
    for name, tensor in tensors.items():
        parts.append(tensor.detach().cpu().float().contiguous().numpy().tobytes())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(parts[-1])]}
        end += len(parts[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))
`.trim();
