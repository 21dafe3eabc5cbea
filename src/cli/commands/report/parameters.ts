/** @file Parameters of the networks of an experiment at several sizes, counted from their layers. */

import { ProgramError } from "../../../compiler/diagnostics/program-error.ts";
import type { Network } from "../../../compiler/network/network.ts";
import { isOpen } from "../../../compiler/network/types.ts";
import { netName } from "../../../report/experiment/read.ts";
import type { Cell, ReportTable } from "../../../report/experiment/table.ts";
import { count, left, right, text } from "../../../report/experiment/table.ts";
import { layerLines, totalsOf } from "../../../report/layer-lines.ts";
import type { TrialPlan } from "../../../trials/plan.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { Output } from "../../shell/output.ts";
import { loadNetwork, readOverrides } from "../../shell/program.ts";

/** Height and width; those of the paper's tables. */
const sizes: readonly (readonly [number, number])[] = [
  [16, 16],
  [32, 32],
  [150, 150],
  [320, 640],
  [600, 860],
  [768, 1024],
];

/** @param input of the trials, `64x64x3` */
export function parameterTables(plan: TrialPlan, nets: readonly (string | null)[], input: string, output: Output): readonly ReportTable[] {
  const [height, width, channels] = input.split("x").map(Number);
  const all = [...sizes, [height, width] as const]
    .filter(([h, w], index, list) => list.findIndex((other) => other[0] === h && other[1] === w) === index)
    .sort((a, b) => a[0] * a[1] - b[0] * b[1]);
  const load = (net: string | null, [h, w]: readonly [number, number]): Network | undefined => {
    try {
      return loadNetwork(plan.program, output, {
        net: net ?? undefined,
        input: { height: h, width: w, channels },
        overrides: readOverrides(plan.options["set"] ?? []),
        augment: "ignore",
        repeated: true,
      });
    } catch (error) {
      // Not every network exists at every size.
      if (error instanceof ProgramError || error instanceof ArgumentError) return undefined;
      throw error;
    }
  };
  const loaded = all.map((size) => ({
    title: size.join("x") + (size[0] === height && size[1] === width ? " (trials)" : ""),
    networks: nets.map((net) => load(net, size)),
  }));
  const totals = loaded.map(({ networks }) =>
    networks.map((network) => (network === undefined ? undefined : totalsOf(layerLines(network)))),
  );
  // One column will do for heads that are all alike.
  const alike = totals.every((row) =>
    row.every((total) => total === undefined || total.heads === row.find((first) => first !== undefined)?.heads),
  );
  const hasOther = nets.map((_, index) => totals.some((row) => (row[index]?.other ?? 0) > 0));
  const whole: ReportTable = {
    name: "parameters",
    title: "Parameters of the networks and the size of the image",
    note:
      `Trained numbers in filters and in the head, at height x width x ${channels}. Free spectral filters store half a spectrum: ` +
      "2 H (floor(W / 2) + 1) numbers a plane.",
    columns: [
      left("size"),
      ...nets.flatMap((net, index) => [
        right(`${netName(net)}: filters`),
        ...(alike ? [] : [right(`${netName(net)}: head`)]),
        ...(hasOther[index] ? [right(`${netName(net)}: other`)] : []),
      ]),
      ...(alike ? [right("each head")] : []),
    ],
    rows: loaded.map(({ title }, row) => [
      text(title),
      ...totals[row].flatMap((total, index) => [
        count(total?.filters ?? null),
        ...(alike ? [] : [count(total?.heads ?? null)]),
        ...(hasOther[index] ? [count(total?.other ?? null)] : []),
      ]),
      ...(alike ? [count(totals[row].find((total) => total !== undefined)?.heads ?? null)] : []),
    ]),
  };
  const perFilter: ReportTable = {
    name: "parameters-per-filter",
    title: "Parameters of one filter",
    note:
      "Of the first convolution: its trained numbers over the number of its filters, with biases and mixing weights, " +
      `for ${channels} input channels.`,
    columns: [left("size"), ...nets.map((net) => right(netName(net)))],
    rows: loaded.map(({ title, networks }) => [
      text(title),
      ...networks.map((network) => (network === undefined ? count(null) : filterCell(network))),
    ]),
  };
  return [whole, perFilter];
}

function filterCell(network: Network): Cell {
  const lines = layerLines(network);
  const first = lines.find(({ part, parameters }) => part === "filter" && parameters !== 0);
  const channels = first === undefined ? undefined : network.nodes[first.id].type.channels;
  if (first === undefined || first.parameters === null || channels === undefined || isOpen(channels)) return count(null);
  const each = first.parameters / Number(channels);
  return { text: Number.isInteger(each) ? each.toLocaleString("en") : each.toFixed(1), value: each };
}
