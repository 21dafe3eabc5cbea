/** @file `specc grad`: one forward and backward pass, from files to a file. */

import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import { atPlaceIn } from "../../compiler/diagnostics/program-error.ts";
import type { Network } from "../../compiler/network/network.ts";
import { known } from "../../compiler/network/types.ts";
import { gradientResult, gradientsIn } from "../../plan/names.ts";
import type { NumberBatch } from "../../runs/gradient.ts";
import { compileGradient, gradientInputs, inputOf, readBatch, requireLabels } from "../../runs/gradient.ts";
import type { NetworkOptions } from "../../runs/network.ts";
import { float32, paramTensors, readParams, readTensorFile, writeTensorFile } from "../../runs/tensor-files.ts";
import { inputsOf } from "../../runtime/programs.ts";
import { openCompiled } from "../../train/open.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { loadNetwork, readSource } from "../shell/program.ts";

export const gradCommand: Command = {
  manual: {
    name: "grad",
    usage: "grad FILE --params p.safetensors --batch b.safetensors --out g.safetensors [--net NAME] [--input HxWxC] [--device D]",
    about: "Runs one forward and backward pass and writes outputs, loss and the gradient of every trained parameter.",
    positionals: ["FILE"],
    flags: {
      params: { value: "FILE", about: "raw values of all parameters, as `specc init` writes them" },
      batch: { value: "FILE", about: "`images`, f32 [B,H,W,C] (signals [B,N,C]), used as they are, and `labels`, [B]" },
      out: { value: "FILE", about: "where to write `outputs` [B,O], `loss` [] and `grad.PATH`" },
      ...sharedFlags("net", "input", "device"),
    },
    examples: {
      "specc init net.spec --out p.safetensors": "parameters to begin with",
      "specc grad net.spec --params p.safetensors --batch b.safetensors --out g.safetensors": "on the first adapter",
      "specc grad net.spec --params p.safetensors --batch b.safetensors --out g.safetensors --device cpu": "in the float64 reference",
    },
    notes:
      "`range`, `mean`, `std`, `standardise` and `augment` do not apply: the numbers are used as they are. Dropout is off. " +
      "Open sizes are taken from the batch. The loss is the mean over the batch.",
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const path = args.positional(0);
  const [paramsPath, batchPath, out] = [args.required("params"), args.required("batch"), args.required("out")];
  const device = args.text("device") ?? "auto";
  const asked = args.size("input");
  const source = await readSource(path, host);
  const batch = readBatch(batchPath, await readTensorFile(batchPath));
  const network = networkForBatch(source, output, { net: args.text("net"), input: asked, augment: "ignore" }, batch, batchPath);
  const compiled = atPlaceIn(source, () => compileGradient(network, batch.count));
  const { plan } = compiled;
  requireLabels(batchPath, batch.labels, plan.input);
  const params = readParams(paramsPath, await readTensorFile(paramsPath), plan);
  const opened = await openCompiled(compiled, device);
  try {
    const { session } = opened;
    output.remark(`adapter: ${session.adapterName}`);
    await session.writeParams(params);
    const results = await session.run("gradient", inputsOf(plan, "gradient", gradientInputs(batch)));
    const gradients = gradientsIn(Object.entries(results));
    const tensors = new Map([
      ["outputs", float32([batch.count, plan.input.outputs], results["outputs"])],
      ["loss", float32([], results["loss"])],
      ...[...paramTensors(plan, gradients)].map(([name, tensor]) => [gradientResult(name), tensor] as const),
    ]);
    await writeTensorFile(out, tensors, { format: "specc gradients", adapter: session.adapterName, net: network.netName ?? "" });
    output.record({ type: "grad", file: out, adapter: session.adapterName, loss: results["loss"][0], gradients: [...gradients.keys()] });
    output.say(`loss ${results["loss"][0]}, ${gradients.size} gradients, written to ${out}`);
  } finally {
    await opened.close();
  }
  return exitCode.done;
}

/** Sizes that neither the file nor `--input` gives come from the batch; sizes that they give must be those of the batch. */
function networkForBatch(source: Source, output: Output, options: NetworkOptions, batch: NumberBatch, batchPath: string): Network {
  const first = loadNetwork(source, output, { ...options, open: true });
  const { kind, height, width, channels } = first.input;
  const named = options.input !== undefined;
  // A network without `input` takes signals if the batch can be nothing else.
  const signal = kind === "signal" || (!named && batch.flat && first.open && channels === undefined);
  const given = [...(signal ? [] : [known(height)]), known(width), channels ?? Number.NaN];
  const held = [...(signal && batch.height === 1 ? [] : [batch.height]), batch.width, batch.channels];
  const fits = given.length === held.length && given.every((size, axis) => Number.isNaN(size) || size === held[axis]);
  if (!fits) {
    const wanted = given.map((size) => (Number.isNaN(size) ? "?" : String(size))).join("x");
    throw new ArgumentError(
      `${batchPath} holds ${signal ? "items" : "images"} of ${held.join("x")}, ${named ? "--input says" : "the network takes"} ${wanted}`,
      named ? "give the size of the batch" : `to build the network for the batch: --input ${held.join("x")}`,
    );
  }
  return first.open ? loadNetwork(source, output, { ...options, input: inputOf(batch, signal) }) : first;
}
