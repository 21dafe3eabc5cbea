/** @file `specc export`: a network and its weights in the formats of other tools. */

import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { compileNetwork } from "../../compiler/compile.ts";
import { atPlaceIn } from "../../compiler/diagnostics/program-error.ts";
import { hasLoss, headOf } from "../../compiler/network/head.ts";
import { writeAtomically } from "../../data/atomic-file.ts";
import type { ExportedModel, ExportFormat, ExportOptions } from "../../export/format.ts";
import { formats } from "../../export/formats.ts";
import { ownVersion } from "../../runs/version.ts";
import { initialiseParams } from "../../runtime/initialise.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { fileFlags, sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { loadNetwork, warnOfMissingVersion } from "../shell/program.ts";
import { readClasses, readProgram } from "../shell/program-weights.ts";

const names = formats.map(({ name }) => name);

/** The flag of each option that some formats read. */
const optionFlags: Readonly<Record<keyof ExportOptions, string>> = { expanded: "expanded", onnxDft: "onnx-dft", onnxInput: "onnx-input" };

export const exportCommand: Command = {
  manual: {
    name: "export",
    usage: `export RUN|FILE --to ${names.join("|")} [--out PATH]`,
    about: "Writes a network and its weights for other tools; docs/export.md says which format is for what, and how to load each.",
    positionals: ["RUN|FILE"],
    flags: {
      to: { value: "FORMAT", about: names.join(", ") },
      out: { value: "PATH", about: "where to write", fallback: "beside the run or the file, under its name" },
      ...sharedFlags("from"),
      ...fileFlags("fresh ones of the file's seed"),
      ...sharedFlags("net", "input", "set"),
      "onnx-input": {
        value: "pixels|values",
        about: "onnx: takes bytes and standardises them itself, or takes the values of the network",
        fallback: "pixels",
      },
      "onnx-dft": {
        value: "matmul|op",
        about: "onnx: Fourier transforms as products with tables, for every runtime, or as the operator DFT of opset 20",
        fallback: "matmul",
      },
      expanded: { about: "safetensors and npz: each spectral filter as a plane of frequencies and as a kernel, too" },
    },
    examples: {
      "specc export runs/train/net --to safetensors": "writes runs/train/net.safetensors",
      "specc export net.spec --params p.safetensors --to npz --expanded --out net.npz": "for NumPy, filters included",
      "specc export runs/train/net --to json": "to read what was learned",
    },
    notes: ["Formats:", ...formats.map(({ name, about }) => `  ${name}: ${about}`)].join("\n"),
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  args.required("to");
  const wanted = args.choice("to", names);
  const format = formats.find(({ name }) => name === wanted) ?? formats[0];
  const options = readOptions(args, format);
  const stem = stemOf(args, format);
  const model = await readModel(args, output, host);
  const exporter = await format.load();
  const files = await atPlaceIn(model.network.source, () => exporter(model, options, basename(stem)));
  const written = files.map(({ suffix, content }) => ({ path: `${stem}${suffix}`, content, bytes: Buffer.byteLength(content) }));
  if (!args.has("out")) requireFree(written.map(({ path }) => path));
  for (const { path, content } of written) await writeAtomically(path, content);
  output.record({ type: "export", format: format.name, files: written.map(({ path, bytes }) => ({ path, bytes })) });
  for (const { path, bytes } of written) output.print(`wrote ${path}: ${(bytes / 1000).toFixed(1)} KB`);
  return exitCode.done;
}

/** @throws ArgumentError for an option that the format does not read */
function readOptions(args: Arguments, format: ExportFormat): ExportOptions {
  for (const [option, flag] of Object.entries(optionFlags) as [keyof ExportOptions, string][]) {
    if (!args.has(flag) || format.options.includes(option)) continue;
    const others = formats.filter(({ options }) => options.includes(option)).map(({ name }) => name);
    throw new ArgumentError(`--${flag} is for ${others.join(" and ")}, not for ${format.name}`);
  }
  return {
    expanded: args.has("expanded"),
    onnxDft: args.choice("onnx-dft", ["matmul", "op"]) ?? "matmul",
    onnxInput: args.choice("onnx-input", ["pixels", "values"]) ?? "pixels",
  };
}

/** Where the files go, without extension. */
function stemOf(args: Arguments, { name, extension }: ExportFormat): string {
  const out = args.text("out");
  if (out !== undefined) {
    if (out.endsWith(extension) && basename(out) !== extension) return out.slice(0, -extension.length);
    throw new ArgumentError(`the name of ${name} ends in ${extension}, unlike ${out}`, `for example --out net${extension}`);
  }
  const path = args.positional(0);
  if (path === "-") throw new ArgumentError("a program from standard input has no place: `specc export` needs --out PATH");
  return resolve(path).replace(/\.spec$/, "");
}

/** What nobody named is not replaced. */
function requireFree(paths: readonly string[]): void {
  const taken = paths.find((path) => existsSync(path));
  if (taken !== undefined) throw new ArgumentError(`${taken} exists`, `--out ${taken} replaces it; another name keeps it`);
}

async function readModel(args: Arguments, output: Output, host: Host): Promise<ExportedModel> {
  const program = await readProgram(args, host);
  const network = loadNetwork(program.source, output, {
    net: program.net,
    input: args.size("input") ?? program.input ?? undefined,
    overrides: program.overrides,
    augment: "ignore",
  });
  warnOfMissingVersion(program.source, output);
  const { plan } = atPlaceIn(program.source, () => compileNetwork(network, { programs: [], batch: 1 }));
  const { params, input } = plan;
  const weights = await program.weights(plan);
  if (weights === null && params.length > 0)
    output.warn(`warning: these are fresh weights, seed ${network.train.seed}: ${program.source.name} alone has none, --params gives some`);
  return {
    network,
    params,
    input,
    values: weights?.params ?? initialiseParams(plan, network.train.seed),
    classes: readClasses(args, weights, plan),
    scores: hasLoss(network) ? headOf(network).scores : null,
    statistics: network.input.standardise === "training" ? null : (weights?.header?.statistics ?? null),
    data: weights?.header?.data ?? null,
    version: ownVersion(),
  };
}
