/** @file `specc compile`: a network as a module, or a look at what a program becomes. */

import type { Compiled } from "../../../compiler/compile.ts";
import { compileNetwork } from "../../../compiler/compile.ts";
import { atPlaceIn } from "../../../compiler/diagnostics/program-error.ts";
import { printGraph } from "../../../compiler/graph/graph.ts";
import { targets } from "../../../compiler/lower/target.ts";
import { hasLoss } from "../../../compiler/network/head.ts";
import { optionalPasses, passesFor } from "../../../compiler/passes/pipeline.ts";
import { writeAtomically } from "../../../data/atomic-file.ts";
import type { Arguments, OptionValues } from "../../shell/arguments.ts";
import { ArgumentError, didYouMean } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { fileFlags, readNetworkOptions, sharedFlags } from "../../shell/flags.ts";
import type { Host, Output } from "../../shell/output.ts";
import { loadNetwork, readSource, warnOfMissingVersion } from "../../shell/program.ts";
import { compileModule } from "./module.ts";

const emits = ["plan", "wgsl", "graph"] as const;

const moduleFlags = ["train", "filters", "weights", "from", "params", "classes", "target", "licence"];

/** `elaborate` is the graph before all passes. */
const dumps = ["elaborate", ...passesFor({ trained: new Set(), update: undefined, slabs: false }).map(({ name }) => name), "optimize"];

export const compileCommand: Command = {
  manual: {
    name: "compile",
    usage:
      "compile RUN|FILE --out model.js [--train] [--filters] [--weights inline|file|none] [--input HxWxC]... [--target T], " +
      "or compile FILE --emit plan|wgsl|graph",
    about:
      "Writes a network as one JavaScript module without dependencies, for browsers and Node, with its types beside it; " +
      "docs/module.md says how to use it. With --emit, shows what a program becomes: the plan that the runtime runs (JSON), " +
      "its shaders, or its graphs after all passes.",
    positionals: ["RUN|FILE"],
    flags: {
      out: { value: "FILE", about: "where to write; with --emit the default is standard output" },
      train: { about: "the module can also train" },
      filters: { about: "the module can also give its filters, for pictures" },
      weights: {
        value: "inline|file|none",
        about: "inside the module, beside it as safetensors, or left out",
        fallback: "inline under 1 MB, else file",
      },
      ...sharedFlags("from"),
      ...fileFlags(),
      input: {
        value: "HxWxC",
        about:
          "the size to build for, over what the file says; several sizes share the weights, and the first is the default. Signals: NxC",
        repeated: true,
      },
      target: {
        value: targets.map(({ name }) => name).join("|"),
        about: "baseline runs everywhere; software is for drivers that compute on the processor",
        fallback: "baseline",
      },
      licence: { value: "TEXT", about: "the licence of the weights, for the module's header" },
      emit: { value: "plan|wgsl|graph", about: "what to show" },
      ...sharedFlags("net"),
      batch: { value: "B", about: "images in a batch of training", fallback: "the file's" },
      ...sharedFlags("set", "no-augment"),
      dump: { value: "PASS", about: `the graphs after this pass instead: ${dumps.join(", ")}` },
      without: { value: "PASS", about: `leave out a pass: ${optionalPasses.map(({ name }) => name).join(", ")}`, repeated: true },
    },
    examples: {
      "specc compile runs/train/net --out model.js": "a trained network for a web page",
      "specc compile runs/train/net --out model.js --train --weights file": "to be trained on in the page, weights apart",
      "specc compile runs/train/net --out model.js --input 64x64x3 --input 128x128x3": "two sizes, one set of weights",
      "specc compile net.spec --emit wgsl | less": "read the shaders",
      "specc compile net.spec --emit graph --without fuse-elementwise": "the graph before fusion",
      "specc compile net.spec --emit plan --out plan.json": "the plan as a file",
    },
    notes: ["Passes, in order:", ...optionalPasses.map(({ name, description }) => `  ${name}: ${description}`)].join("\n"),
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const path = args.positional(0);
  const dump = readDump(args);
  const emit = args.choice("emit", emits) ?? (dump === undefined ? undefined : "graph");
  const without = readWithout(args);
  if (emit === undefined) return compileModule(args, without, output, host);
  for (const name of moduleFlags)
    if (args.has(name)) throw new ArgumentError(`--${name} is for modules, and --emit looks inside the compiler`);
  if (args.list("input").length > 1) throw new ArgumentError("--emit takes one --input");
  const batch = args.integer("batch", 1);
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, readNetworkOptions(args));
  warnOfMissingVersion(source, output);
  const dumped: string[] = [];
  const compiled = atPlaceIn(source, () =>
    compileNetwork(network, {
      batch,
      without,
      programs: hasLoss(network) ? undefined : ["infer"],
      dump: (_program, pass, graph) => {
        if (pass === dump) dumped.push(graph);
      },
    }),
  );
  const text = dump === undefined ? emitted(compiled, emit) : dumped.join("\n");
  const out = args.text("out");
  if (out !== undefined) {
    await writeAtomically(out, text);
    output.say(`wrote ${out}`);
  } else if (!output.json) host.stdout.write(text);
  output.record({ type: emit, ...(out === undefined ? { text } : { file: out }) });
  return exitCode.done;
}

function readDump(args: Arguments): string | undefined {
  const dump = args.text("dump");
  if (dump === undefined || dumps.includes(dump)) return dump;
  throw new ArgumentError(`there is no pass \`${dump}\``, didYouMean(dump, dumps) ?? `--dump takes ${dumps.join(", ")}`);
}

/** For every command that takes `--without`. */
export function readWithout(args: OptionValues): readonly string[] {
  const names = optionalPasses.map(({ name }) => name);
  const wrong = args.list("without").find((name) => !names.includes(name));
  if (wrong === undefined) return args.list("without");
  const problem = dumps.includes(wrong) ? `the pass \`${wrong}\` cannot be left out` : `there is no pass \`${wrong}\``;
  throw new ArgumentError(problem, didYouMean(wrong, names) ?? `--without takes ${names.join(", ")}`);
}

function emitted({ plan, graphs }: Compiled, emit: (typeof emits)[number]): string {
  if (emit === "plan") return `${JSON.stringify(plan)}\n`;
  if (emit === "graph") return [...graphs.values()].map(printGraph).join("\n");
  return plan.kernels.map(({ label, wgsl }) => `// ${label}\n${wgsl.trimEnd()}\n`).join("\n");
}
