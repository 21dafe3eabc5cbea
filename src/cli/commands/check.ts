/** @file `specc check`: what is wrong with a program, and what it means. */

import { check } from "../../compiler/check.ts";
import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import { Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import { atPlaceIn, ProgramError } from "../../compiler/diagnostics/program-error.ts";
import type { Network } from "../../compiler/network/network.ts";
import { openSize } from "../../compiler/network/open-size.ts";
import { layerLines, totalsOf } from "../../report/layer-lines.ts";
import { renderTable } from "../../report/terminal.ts";
import { trainingFields, trainingText } from "../../report/training-text.ts";
import type { GradientCheck } from "../../runs/gradient-check.ts";
import { checkGradients } from "../../runs/gradient-check.ts";
import type { Arguments } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { codeOf, reportDiagnostics, reportLimitations } from "../shell/failures.ts";
import { readNetworkOptions, sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { readSource } from "../shell/program.ts";
import { explain, explanationText } from "../text/explanation.ts";
import { freeRemarks, layerTable, pipelineText, totalsText } from "../text/layer-table.ts";
import type { MemoryLine } from "../text/memory.ts";
import { memoryOf, memoryText, slabsText } from "../text/memory.ts";

const { device } = sharedFlags("device");

export const checkCommand: Command = {
  manual: {
    name: "check",
    usage: "check FILE [--net NAME] [--input HxWxC] [--slab N] [--explain] [--grad] [--device D] [--strict]",
    about:
      "Finds what is wrong with a program and shows its layers: shapes, domains, parameters of filters and head, costs, " +
      "and the memory that training takes.",
    positionals: ["FILE"],
    flags: {
      net: { value: "NAME", about: "one network of the file", fallback: "all" },
      ...sharedFlags("input", "set", "slab"),
      explain: { about: "show inserted transforms, each rewrite and what it saved, FFT plans, and why a batch is cut into slabs" },
      grad: { about: "compare gradients: device, float64 reference, finite differences" },
      device: {
        ...device,
        about: `${device.about}: for --grad, and for the memory that training takes on it`,
        fallback: "auto for --grad; memory with WebGPU's default limits",
      },
      seed: { value: "S", about: "of the parameters and images of --grad", fallback: "0" },
      ...sharedFlags("strict", "no-augment"),
      format: { value: "text|json", about: "json is the same as --json", fallback: "text" },
    },
    examples: {
      "specc check net.spec": "mistakes, layers and costs",
      "specc check net.spec --net gaussian --explain": "what the compiler makes of one network",
      "specc check net.spec --grad --device cpu": "are the derived gradients right?",
    },
    notes: "Networks with open sizes can be checked; --explain and --grad need a size. Warnings never fail the command without --strict.",
  },
  run,
};

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const path = args.positional(0);
  args.choice("format", ["text", "json"]);
  const strict = args.has("strict");
  const [device, seed, slab] = [args.text("device"), args.integer("seed", 0) ?? 0, args.integer("slab", 1)];
  const options = readNetworkOptions(args);
  const source = await readSource(path, host);
  const { diagnostics, limitations, networks } = check(source, options);
  reportDiagnostics(output, source, diagnostics);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  if (!failed) {
    for (const network of networks) {
      const memory = network.open || limitations.length > 0 ? null : await measureMemory(network, slab, device);
      showNetwork(network, memory, args.has("explain"), output);
    }
  }
  reportLimitations(output, source, limitations);
  let code = codeOf(diagnostics, limitations, strict);
  if (code === exitCode.done && networks.length === 0) output.say(`${source.name} is correct; it holds no network`);
  // Limitations leave nothing to compile.
  if (code === exitCode.done) {
    for (const network of networks) {
      if (args.has("explain")) showExplanation(source, network, output);
      if (args.has("grad") && !(await showGradients(source, network, device ?? "auto", seed, output))) code = exitCode.user;
    }
  }
  output.record({
    type: "result",
    command: "check",
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
    warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
    limitations: limitations.length,
    code,
  });
  return code;
}

function showNetwork(network: Network, memory: readonly MemoryLine[] | null, explained: boolean, output: Output): void {
  const lines = layerLines(network);
  const totals = totalsOf(lines);
  output.record({
    type: "network",
    net: network.netName ?? null,
    open: network.open,
    layers: lines,
    parameters: { filters: totals.filters, heads: totals.heads, other: totals.other, total: totals.total },
    flops: totals.flops,
    memory,
    train: Object.fromEntries(trainingFields(network.train).map(({ name, text }) => [name, text])),
  });
  const title = network.netName === undefined ? "" : `net ${network.netName}\n`;
  const remarks = [...freeRemarks(network), ...(network.open ? ["sizes are open: give --input HxWxC to see all numbers"] : [])];
  const reasons = (explained ? (memory ?? []) : []).flatMap(({ on, slabs, why }) =>
    slabs === null ? [] : [`  ${slabsText(slabs)} on ${on}, because ${why}`],
  );
  output.print(
    [
      `${title}${layerTable(lines, output.colour)}`,
      totalsText(totals),
      `train: ${trainingText(network.train)}`,
      ...(memory === null ? [] : [memoryText(memory), ...reasons]),
      ...remarks,
      "",
    ].join("\n"),
  );
}

/** Null where a part of the network is not built, so that there is nothing to measure. */
async function measureMemory(
  network: Network,
  slab: number | undefined,
  device: string | undefined,
): Promise<readonly MemoryLine[] | null> {
  try {
    return await memoryOf(network, slab, device === "cpu" ? undefined : device);
  } catch (error) {
    if (error instanceof Limitation) return null;
    throw error;
  }
}

/** @throws ProgramError with S0612 */
function requireSize(source: Source, network: Network): void {
  const open = openSize(network);
  if (open !== undefined) throw new ProgramError(source, [open]);
}

function showExplanation(source: Source, network: Network, output: Output): void {
  requireSize(source, network);
  const explanation = atPlaceIn(source, () => explain(network));
  output.record({ type: "explanation", net: network.netName ?? null, ...explanation });
  const title = network.netName === undefined ? "pipeline" : `pipeline of ${network.netName}`;
  output.print(
    `${title}; the compiler inserted what stands in brackets:\n${pipelineText(layerLines(network))}\n\n${explanationText(explanation)}\n`,
  );
}

async function showGradients(source: Source, network: Network, device: string, seed: number, output: Output): Promise<boolean> {
  requireSize(source, network);
  let result: GradientCheck;
  try {
    result = await checkGradients(network, device, seed);
  } catch (error) {
    return atPlaceIn(source, () => {
      throw error;
    });
  }
  output.record({ type: "gradients", net: network.netName ?? null, ...result });
  const rows = result.lines.map((line) => [
    line.path,
    `[${line.shape.join(", ")}]`,
    line.norm.toExponential(2),
    line.device.toExponential(1),
    line.difference.toExponential(1),
    line.passed ? "ok" : "WRONG",
  ]);
  const table = renderTable(["gradient of", "shape", "norm", "device", "differences", ""], rows, {
    colour: output.colour,
    align: ["left", "left", "right", "right", "right", "left"],
  });
  const title = network.netName === undefined ? "" : ` of ${network.netName}`;
  output.print(
    [
      `gradients${title} on ${result.adapter} and by finite differences, both against the float64 reference (relative):`,
      table,
      `loss: ${result.loss.toExponential(1)}`,
      result.passed ? "all gradients agree" : "some gradients do NOT agree: please report this with the .spec file",
      "",
    ].join("\n"),
  );
  return result.passed;
}
