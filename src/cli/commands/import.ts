/** @file `specc import`: weights of another program become parameters of a network. */

import { readFile } from "node:fs/promises";
import { compileNetwork } from "../../compiler/compile.ts";
import { atPlaceIn } from "../../compiler/diagnostics/program-error.ts";
import { writeAtomically } from "../../data/atomic-file.ts";
import { guessMapping } from "../../import/guess.ts";
import type { Mapping, Source } from "../../import/mapping.ts";
import { carryOut, mappingJson, readMapping } from "../../import/mapping.ts";
import type { ForeignTensor } from "../../import/numbers.ts";
import type { Target } from "../../import/targets.ts";
import { targetsOf } from "../../import/targets.ts";
import { readWeights } from "../../import/weights.ts";
import { WeightsError } from "../../import/weights-error.ts";
import { paramTensors, writeTensorFile } from "../../runs/tensor-files.ts";
import { initialiseParams } from "../../runtime/initialise.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { seedFlag, sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { loadNetwork, readBytes, readSource } from "../shell/program.ts";

export const importCommand: Command = {
  manual: {
    name: "import",
    usage: "import FILE --from WEIGHTS --out p.safetensors [--map map.json] [--net NAME] [--input HxWxC]",
    about:
      "Makes parameters of a network from weights of another program: safetensors, NumPy's .npz, or a state_dict in PyTorch's .pt. " +
      "FILE holds the same network in specc's language.",
    positionals: ["FILE"],
    flags: {
      from: { value: "WEIGHTS", about: "weights with the names of PyTorch or Keras" },
      out: { value: "FILE", about: "where to write the parameters" },
      map: {
        value: "FILE",
        about: "which tensor each parameter comes from, and how its axes lie",
        fallback: "found by order and shape, where there is one way",
      },
      "print-map": { value: "FILE", about: "write the mapping, as far as it is found, to be edited" },
      ...sharedFlags("net", "input"),
      seed: seedFlag('the start values where the mapping says "start"'),
    },
    examples: {
      "specc import net.spec --from model.safetensors --out p.safetensors": "a state_dict of PyTorch; shows what came from where",
      "specc import net.spec --from model.npz --print-map map.json": "a mapping to look at and to edit",
      "specc import net.spec --from model.npz --map map.json --out p.safetensors": "with that mapping",
      "specc train net.spec --data pets --params p.safetensors": "go on from there",
    },
    notes:
      "The mapping is found without --map where names' endings (weight, kernel), shapes and order allow one way only. " +
      "docs/import.md tells how axes are turned and what else must agree: padding, pooling, activations.",
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const [path, from, printed] = [args.positional(0), args.required("from"), args.text("print-map")];
  const out = printed === undefined ? args.required("out") : args.text("out");
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, { net: args.text("net"), input: args.size("input"), augment: "ignore" });
  const { plan } = atPlaceIn(source, () => compileNetwork(network, { programs: [], batch: 1 }));
  const layers = targetsOf(network);
  const targets = layers.flatMap((layer) => layer.targets);
  if (targets.length === 0) throw new ArgumentError("this network has no weights");
  const bytes = await readBytes(from);
  const weights = await inWeights(from, () => readWeights(from, bytes));
  const mapped = args.text("map");
  const text = mapped === undefined ? undefined : await readFile(mapped, "utf8");
  const guess = text === undefined ? guessMapping(layers, weights) : undefined;
  const mapping: Mapping = guess?.mapping ?? (await inWeights(mapped ?? "", () => readMapping(text ?? "", targets)));
  if (printed !== undefined) {
    await writeAtomically(printed, mappingJson(mapping, targets, weights.tensors));
    const open = targets.filter(({ path: name }) => (mapping.get(name) ?? null) === null).length;
    output.record({ type: "mapping", file: printed, parameters: targets.length, open });
    output.print(
      `wrote ${printed}: ${targets.length - open} of ${targets.length} parameters have a source` +
        `${open === 0 ? "" : "; put names from `theirs` where `from` is null"}`,
    );
    if (out === undefined) return exitCode.done;
  }
  if (guess !== undefined && guess.problems.length > 0) {
    throw new ArgumentError(
      `${from} does not fit the network in one way only:\n${guess.problems.map((problem) => `  ${problem}`).join("\n")}\n\n` +
        `${sideBySide(targets, mapping, weights.tensors)}`,
      "write a mapping, edit it and give it: --print-map map.json, then --map map.json",
    );
  }
  const seed = args.integer("seed", 0) ?? network.train.seed;
  const values = await inWeights(from, () => carryOut(mapping, targets, weights.tensors, initialiseParams(plan, seed)));
  await writeTensorFile(out ?? "", paramTensors(plan, values), { format: "specc parameters", net: network.netName ?? "", from });
  const rows = targets.map((target) => ({ path: target.path, shape: target.shape, source: mapping.get(target.path) ?? null }));
  const used = new Set(rows.flatMap((row) => (row.source?.kind === "tensor" ? [row.source.from] : [])));
  const unused = weights.tensors.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  output.record({ type: "import", file: out, from, parameters: rows, unused });
  output.print(
    table(
      ["parameter", "shape", "from"],
      rows.map((row) => [row.path, shapeText(row.shape), sourceText(row.source)]),
    ),
  );
  if (unused.length > 0) output.warn(`not used: ${unused.join(", ")}`);
  output.say(`wrote ${out}`);
  return exitCode.done;
}

/** Puts the name of the file in front of what is wrong with it. */
async function inWeights<T>(path: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof WeightsError) throw new ArgumentError(`${path}: ${error.message}`, error.help);
    throw error;
  }
}

function sourceText(source: Source | null): string {
  if (source === null) return "?";
  if (source.kind === "start") return "its start value";
  const { from, axes, flatten } = source;
  return `${from}${axes === undefined ? "" : ` ${axes}`}${flatten === undefined ? "" : `, inputs ${flatten}`}`;
}

/** Ours with their shapes on the left, theirs on the right: what is known beside each other, the others in order. */
function sideBySide(targets: readonly Target[], mapping: Mapping, theirs: readonly ForeignTensor[]): string {
  const sourceOf = (path: string): string | undefined => {
    const source = mapping.get(path) ?? null;
    return source?.kind === "tensor" ? source.from : undefined;
  };
  const known = new Set(targets.map(({ path }) => sourceOf(path)));
  const rest = theirs.filter(({ name }) => !known.has(name));
  const text = (tensor: ForeignTensor | undefined): string => (tensor === undefined ? "" : `${tensor.name} ${shapeText(tensor.shape)}`);
  const rows = targets.map((target) => {
    const from = sourceOf(target.path);
    const start = mapping.get(target.path)?.kind === "start";
    const right = start
      ? "(its start value)"
      : from === undefined
        ? `? ${text(rest.shift())}`
        : text(theirs.find(({ name }) => name === from));
    return [`${target.path} ${shapeText(target.shape)}`, right.trimEnd()];
  });
  return table(["ours", "theirs"], [...rows, ...rest.map((tensor) => ["", `? ${text(tensor)}`])]);
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column])).join("   ")}`.trimEnd()).join("\n");
}
