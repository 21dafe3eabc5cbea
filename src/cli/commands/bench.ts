/** @file `specc bench`: how fast a network is on this adapter, and what each pass brings. */

import type { Compiled } from "../../compiler/compile.ts";
import { compileNetwork } from "../../compiler/compile.ts";
import { atPlaceIn } from "../../compiler/diagnostics/program-error.ts";
import { changesText } from "../../compiler/lower/knobs.ts";
import type { Target } from "../../compiler/lower/target.ts";
import { hasLoss } from "../../compiler/network/head.ts";
import type { Network } from "../../compiler/network/network.ts";
import { shapeText } from "../../compiler/network/types.ts";
import { renderTable } from "../../report/terminal.ts";
import { chooserOf } from "../../runs/tuning.ts";
import type { TensorData } from "../../runtime/executor.ts";
import { initialiseParams } from "../../runtime/initialise.ts";
import type { OpenedSession } from "../../train/open.ts";
import { openCompiled, targetFor } from "../../train/open.ts";
import { sampleInputs } from "../../train/sample-inputs.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { readNetworkOptions, sharedFlags } from "../shell/flags.ts";
import { interruptible } from "../shell/interruption.ts";
import type { Host, Output } from "../shell/output.ts";
import { loadNetwork, readSource } from "../shell/program.ts";
import { readTuning, tuneFlags } from "../shell/tuning.ts";
import { bytesText } from "../text/explanation.ts";
import { listener } from "../text/run-events.ts";
import { readWithout } from "./compile/compile.ts";

export const benchCommand: Command = {
  manual: {
    name: "bench",
    usage: "bench FILE [--net NAME] [--input HxWxC] [--batch B] [--device D] [--tune] [--without PASS]...",
    about:
      "Times training step and inference of a network on random images: milliseconds, images per second, dispatches and memory. " +
      "Needs no data, and changes nothing.",
    positionals: ["FILE"],
    flags: {
      ...sharedFlags("net", "input"),
      batch: { value: "B", about: "images in a step", fallback: "the file's, else 32" },
      ...sharedFlags("set", "no-augment", "device"),
      without: { value: "PASS", about: "measure also what it costs to leave out this pass of the compiler", repeated: true },
      ...tuneFlags,
    },
    examples: {
      "specc bench net.spec --input 64x64x3": "how long does a step take?",
      "specc bench net.spec --batch 8 --device llvmpipe --json": "another batch, one of several adapters, for a program to read",
      "specc bench net.spec --without fuse-spectral --without fuse-elementwise": "what do these passes bring?",
      "specc bench net.spec --tune": "look for a faster schedule first",
    },
    notes:
      "A time is the median of single runs, from handing over the images until the result is back. " +
      "What is compared with `--without` is measured in turn, in this process: trust the ratios, " +
      "times move with the load of the machine.",
  },
  run: (args, output, host) => interruptible(host, output, (signal) => run(args, output, host, signal)),
};

type TimedProgram = "train" | "infer";

const titles: Readonly<Record<TimedProgram, string>> = { train: "training step", infer: "inference" };

/** One way to compile the network, opened. */
interface Variant {
  /** The pass that is left out, if any. */
  readonly without: string | null;
  readonly opened: OpenedSession;
  readonly openSeconds: number;
}

interface Measured {
  readonly program: TimedProgram;
  readonly without: string | null;
  /** Median of a run. */
  readonly milliseconds: number;
  readonly runs: number;
  readonly imagesPerSecond: number;
  readonly dispatches: number;
  readonly submits: number;
}

async function run(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const path = args.positional(0);
  const device = args.text("device") ?? "auto";
  if (device === "cpu")
    throw new ArgumentError(
      "`specc bench` measures a WebGPU adapter, and `--device cpu` has none",
      "leave out --device, or choose an adapter: `specc doctor` lists them",
    );
  const tuning = readTuning(args, host);
  const left = [...new Set(readWithout(args))];
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, readNetworkOptions(args));
  const batch = args.integer("batch", 1) ?? network.train.batch;
  const programs: readonly TimedProgram[] = hasLoss(network) ? ["train", "infer"] : ["infer"];
  const compile = (without: readonly string[]): Compiled => atPlaceIn(source, () => compileNetwork(network, { programs, batch, without }));
  const variants: Variant[] = [];
  try {
    let target: Target | undefined;
    for (const without of [null, ...left]) {
      const compiled = compile(without === null ? [] : [without]);
      const tuned =
        tuning === undefined
          ? undefined
          : chooserOf(
              {
                request: tuning,
                signal,
                compile: (other) =>
                  compileNetwork(network, { programs: hasLoss(network) ? ["train", "gradient"] : ["infer"], batch, target: other }),
              },
              listener(output),
            );
      const found = target;
      let started = performance.now();
      const opened = await openCompiled(compiled, device, {
        onWarm: (done, total) => output.progress(`compiling kernels ${done}/${total}`),
        choose: async (adapter, usual) => {
          const chosen = found ?? (await tuned?.(adapter, usual)) ?? usual;
          // Tuning is not part of getting ready.
          started = performance.now();
          return chosen;
        },
      });
      variants.push({ without, opened, openSeconds: (performance.now() - started) / 1000 });
      target = opened.target;
      signal.throwIfAborted();
    }
    const rows: Measured[] = [];
    for (const program of programs) rows.push(...(await measure(program, variants, output, signal)));
    show({ network, path, batch, rows, variants }, output);
    return exitCode.done;
  } finally {
    for (const { opened } of variants) await opened.close();
  }
}

/** Rounds of one run of each variant: at least and at most so many, and about so long altogether. */
const leastRounds = 7;
const mostRounds = 100;
const measureMs = 3000;

async function measure(
  program: TimedProgram,
  variants: readonly Variant[],
  output: Output,
  signal: AbortSignal,
): Promise<readonly Measured[]> {
  const wanted = [program === "train" ? "loss" : "outputs"];
  const inputs = variants.map(({ opened }): Readonly<Record<string, TensorData>> => sampleInputs(opened.session.plan, program));
  const time = async (index: number): Promise<number> => {
    const started = performance.now();
    await variants[index].opened.session.run(program, inputs[index], wanted);
    return performance.now() - started;
  };
  for (const [
    index,
    {
      opened: { session },
    },
  ] of variants.entries()) {
    await session.writeParams(initialiseParams(session.plan, 0));
    await time(index);
  }
  const times = variants.map((): number[] => []);
  const started = performance.now();
  for (let round = 0; round < mostRounds && (round < leastRounds || performance.now() - started < measureMs); round++) {
    signal.throwIfAborted();
    output.paint(`measuring ${titles[program]}, round ${round + 1}`);
    // The order turns, so that nobody always comes after the same neighbour.
    for (let turn = 0; turn < variants.length; turn++) {
      const index = (round + turn) % variants.length;
      times[index].push(await time(index));
    }
  }
  const measured: Measured[] = [];
  for (const [index, { without, opened }] of variants.entries()) {
    const before = opened.device?.counters;
    await time(index);
    const after = opened.device?.counters;
    const milliseconds = median(times[index]);
    measured.push({
      program,
      without,
      milliseconds,
      runs: times[index].length,
      imagesPerSecond: (1000 * opened.session.plan.input.batch) / milliseconds,
      dispatches: (after?.dispatches ?? 0) - (before?.dispatches ?? 0),
      submits: (after?.submits ?? 0) - (before?.submits ?? 0),
    });
  }
  return measured;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

interface Report {
  readonly network: Network;
  readonly path: string;
  readonly batch: number;
  readonly rows: readonly Measured[];
  readonly variants: readonly Variant[];
}

function show({ network, path, batch, rows, variants }: Report, output: Output): void {
  const [
    {
      opened: { session, device, target },
      openSeconds,
    },
  ] = variants;
  if (device === undefined || target === undefined) return;
  const changes = changesText(target, targetFor(device.adapter));
  const memory = variants.map(({ without, opened }) => ({ without, bytes: opened.device?.counters.bytes ?? 0 }));
  const input = shapeText(network.nodes[0].type);
  const ratio = (row: Measured): number =>
    row.milliseconds / (rows.find(({ program, without }) => program === row.program && without === null)?.milliseconds ?? row.milliseconds);
  output.record({
    type: "bench",
    adapter: session.adapterName,
    net: network.netName ?? null,
    input,
    batch,
    target: target.name,
    changes,
    openSeconds,
    memory,
    rows: rows.map((row) => ({ ...row, timeOverAllPasses: ratio(row) })),
  });
  const compared = variants.length > 1;
  const cells = rows.map((row) => [
    titles[row.program],
    ...(compared ? [row.without === null ? "all" : `without ${row.without}`] : []),
    row.milliseconds.toFixed(2),
    row.imagesPerSecond.toFixed(row.imagesPerSecond < 10 ? 1 : 0),
    String(row.dispatches),
    String(row.submits),
    ...(compared ? [ratio(row).toFixed(2)] : []),
    bytesText(memory.find(({ without }) => without === row.without)?.bytes ?? 0),
  ]);
  output.print(
    [
      `adapter      ${session.adapterName}`,
      `network      ${network.netName ?? "unnamed"}, of ${path}; input ${input}, batch ${batch}`,
      `schedule     ${target.name}${changes === "" ? "" : `, ${changes}`}`,
      `ready after  ${openSeconds.toFixed(1)} s`,
      "",
      renderTable(
        [
          "program",
          ...(compared ? ["passes"] : []),
          "ms",
          "images/s",
          "dispatches",
          "submits",
          ...(compared ? ["time / all"] : []),
          "memory",
        ],
        cells,
        {
          colour: output.colour,
          align: ["left", ...(compared ? ["left" as const] : []), ...Array.from({ length: compared ? 6 : 5 }, () => "right" as const)],
        },
      ),
    ].join("\n"),
  );
}
