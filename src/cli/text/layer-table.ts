/** @file The table of layers, and the line of their totals. */

import { convSpectral } from "../../compiler/layers/conv-spectral.ts";
import type { Network } from "../../compiler/network/network.ts";
import { halfWidth } from "../../plan/shape.ts";
import type { LayerLine, LayerTotals } from "../../report/layer-lines.ts";
import { renderTable } from "../../report/terminal.ts";

/** Stored numbers of `free` filters are not all independent (docs/numerics.md#families). */
export function freeRemarks(network: Network): readonly string[] {
  const found = network.nodes.flatMap((node) => {
    const made = convSpectral.match(node);
    const input = network.nodes[node.inputs[0] ?? 0].type;
    if (made?.family !== "free" || made.parts !== 2 || typeof input.height !== "number" || typeof input.width !== "number") return [];
    const scale = made.boundary === "zero" ? 2 : 1;
    const [height, width] = [input.height === 1 ? 1 : scale * input.height, scale * input.width];
    const stored = 2 * height * halfWidth(width);
    return [`a free filter of ${height}x${width} stores ${count(stored)} numbers, ${count(height * width)} of them independent`];
  });
  return [...new Set(found)];
}

export function layerTable(lines: readonly LayerLine[], colour: boolean): string {
  const shown = lines.filter((line) => !line.inserted);
  const rows = shown.map((line) => [
    line.title,
    line.shape,
    line.domain,
    line.parameters === 0 ? "" : count(line.parameters),
    cost(line.flops),
    line.remarks.join(", "),
  ]);
  return renderTable(["layer", "shape", "domain", "parameters", "FLOPs", ""], rows, {
    colour,
    align: ["left", "left", "left", "right", "right", "left"],
  });
}

export function totalsText({ filters, heads, other, total, flops }: LayerTotals): string {
  const parts = [`filters ${count(filters)}`, `head ${count(heads)}`, ...(other === 0 ? [] : [`other ${count(other)}`])];
  return `parameters: ${parts.join(", ")}; total ${count(total)}\nFLOPs: ${cost(flops)} for one image, forward, transforms included`;
}

/** All nodes in order, with what was inserted in brackets. */
export function pipelineText(lines: readonly LayerLine[]): string {
  const width = Math.max(...lines.map((line) => line.title.length)) + 2;
  const digits = String(lines.length).length;
  return lines
    .map((line) => {
      const from = line.inputs.length === 1 && line.inputs[0] === line.id - 1 ? "" : line.inputs.map((id) => `%${id}`).join(", ");
      const title = line.transform ? `[${line.title}]` : line.inserted ? `  ${line.title}` : line.title;
      return (
        `  %${String(line.id).padEnd(digits)}  ${title.padEnd(width)}  ${line.domain} ` +
        `${line.shape}${from === "" ? "" : `  of ${from}`}`
      );
    })
    .join("\n");
}

export function count(value: number | null): string {
  return value === null ? "?" : value.toLocaleString("en");
}

/** `12.3 M`. */
export function cost(value: number | null): string {
  if (value === null) return "?";
  if (value < 1e4) return count(Math.round(value));
  const step = [
    { size: 1e9, unit: "G" },
    { size: 1e6, unit: "M" },
    { size: 1e3, unit: "k" },
  ].find(({ size }) => value >= size) ?? { size: 1, unit: "" };
  return `${(value / step.size).toPrecision(3)} ${step.unit}`;
}
