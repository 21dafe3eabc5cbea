/** @file `specc init`: fresh parameters. */

import { compileNetwork } from "../../compiler/compile.ts";
import { atPlaceIn } from "../../compiler/diagnostics/program-error.ts";
import { paramTensors, writeTensorFile } from "../../runs/tensor-files.ts";
import { initialiseParams } from "../../runtime/initialise.ts";
import type { Arguments } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { seedFlag, sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { loadNetwork, readSource } from "../shell/program.ts";

export const initCommand: Command = {
  manual: {
    name: "init",
    usage: "init FILE --out p.safetensors [--net NAME] [--input HxWxC] [--seed S]",
    about:
      "Writes the start values of all parameters as a safetensors file, by weight path: " +
      "the raw values that optimizers and checkpoints see.",
    positionals: ["FILE"],
    flags: { out: { value: "FILE", about: "where to write" }, ...sharedFlags("net", "input"), seed: seedFlag("the random numbers") },
    examples: {
      "specc init net.spec --seed 1 --out p.safetensors": "parameters of the file's network",
      "specc init net.spec --net gaussian --input 64x64x3 --out p.safetensors": "one of several, at another size",
    },
    notes:
      "Values depend on the seed and the weight path alone: the same on every machine. docs/cli.md explains names, " +
      "shapes and how constrained parameters are stored.",
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const path = args.positional(0);
  const out = args.required("out");
  const asked = args.integer("seed", 0);
  const input = args.size("input");
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, { net: args.text("net"), input, augment: "ignore" });
  const seed = asked ?? network.train.seed;
  const { plan } = atPlaceIn(source, () => compileNetwork(network, { programs: [], batch: 1 }));
  const tensors = paramTensors(plan, initialiseParams(plan, seed));
  await writeTensorFile(out, tensors, { format: "specc parameters", net: network.netName ?? "", seed: String(seed) });
  const numbers = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.length, 0);
  output.record({
    type: "init",
    file: out,
    seed,
    tensors: plan.params.map((param) => ({ path: param.path, shape: param.shape, constraint: param.constraint, trained: param.trained })),
  });
  output.say(`wrote ${tensors.size} tensors, ${numbers.toLocaleString("en")} numbers, seed ${seed}, to ${out}`);
  return exitCode.done;
}
