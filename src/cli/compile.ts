/** @file `specc compile`: what a program becomes. */

import { compileNetwork, hasLoss } from "../compiler/compile.ts";
import type { Compiled } from "../compiler/compile.ts";
import { Limitation } from "../compiler/diagnostic.ts";
import { printGraph } from "../compiler/graph.ts";
import { optionalPasses, passesFor } from "../compiler/pipeline.ts";
import { missingVersion, parse } from "../compiler/syntax/parser.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { ArgumentError, didYouMean } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";
import { reportDiagnostics } from "./failures.ts";
import { inputFlag, netFlag, setFlag } from "./flags.ts";
import type { Host, Output } from "./output.ts";
import { atPlaceIn, loadNetwork, readOverrides, readSource } from "./program.ts";

const emits = ["plan", "wgsl", "graph"] as const;

/** `elaborate` is the graph before all passes. */
const dumps = ["elaborate", ...passesFor({ trained: new Set(), update: undefined, slabs: false }).map(({ name }) => name), "optimize"];

export const compileCommand: Command = {
  manual: {
    name: "compile",
    usage: "compile FILE --emit plan|wgsl|graph [--net NAME] [--input HxWxC] [--batch B] [--out FILE] [--dump PASS] [--without PASS]...",
    about: "Shows what a program becomes: the plan that the runtime runs (JSON), its shaders, or its graphs after all passes.",
    positionals: ["FILE"],
    flags: {
      emit: { value: "plan|wgsl|graph", about: "what to write" },
      net: netFlag,
      input: inputFlag,
      batch: { value: "B", about: "images in a batch", fallback: "the file's" },
      set: setFlag,
      out: { value: "FILE", about: "where to write", fallback: "standard output" },
      dump: { value: "PASS", about: `the graphs after this pass instead: ${dumps.join(", ")}` },
      without: { value: "PASS", about: `leave out a pass: ${optionalPasses.map(({ name }) => name).join(", ")}`, repeated: true },
    },
    examples: [
      { command: "specc compile net.spec --emit wgsl | less", about: "read the shaders" },
      { command: "specc compile net.spec --emit graph --without fuse-elementwise", about: "the graph before fusion" },
      { command: "specc compile net.spec --emit plan --out plan.json", about: "the plan as a file" },
    ],
    notes: ["Passes, in order:", ...optionalPasses.map(({ name, description }) => `  ${name}: ${description}`)].join("\n"),
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const path = args.positional(0);
  const dump = readDump(args);
  const emit = args.choice("emit", emits) ?? (dump === undefined ? undefined : "graph");
  if (emit === undefined) {
    throw new Limitation("compiling to a JavaScript module is not built yet", { help: "look inside with --emit plan, --emit wgsl or --emit graph" });
  }
  const without = readWithout(args);
  const batch = args.integer("batch", 1);
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, {
    net: args.text("net"), input: args.size("input"), overrides: readOverrides(args.list("set")), augment: "ignore",
  });
  const { file } = parse(source);
  const version = file === undefined ? undefined : missingVersion(file);
  if (version !== undefined) reportDiagnostics(output, source, [version]);
  const dumped: string[] = [];
  const compiled = atPlaceIn(source, () => compileNetwork(network, {
    batch, without, programs: hasLoss(network) ? undefined : ["infer"],
    dump: (_program, pass, graph) => {
      if (pass === dump) dumped.push(graph);
    },
  }));
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
export function readWithout(args: Arguments): readonly string[] {
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
