/** @file The formats of `specc export`. */

import type { ExportFormat } from "./format.ts";

export const formats: readonly ExportFormat[] = [
  {
    name: "safetensors",
    about: "all weights by name, for Python, JavaScript and specc itself",
    extension: ".safetensors",
    options: ["expanded"],
    load: async () => (await import("./safetensors.ts")).exportSafetensors,
  },
  {
    name: "npz",
    about: "the same for NumPy",
    extension: ".npz",
    options: ["expanded"],
    load: async () => (await import("./npz.ts")).exportNpz,
  },
  {
    name: "onnx",
    about: "inference, for ONNX Runtime and what else reads it",
    extension: ".onnx",
    options: ["onnxDft", "onnxInput"],
    load: async () => (await import("./onnx.ts")).exportOnnx,
  },
  {
    name: "pytorch",
    about: "one readable file of Python with the network, its weights, and a script that trains it on several machines",
    extension: ".py",
    options: [],
    load: async () => (await import("./pytorch.ts")).exportPytorch,
  },
  {
    name: "json",
    about: "to read: program, layers, and the values that the formulas see",
    extension: ".json",
    options: [],
    load: async () => (await import("./json.ts")).exportJson,
  },
];
