/** @file S0612: the input of a network is open and a command needs its size. */

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Network } from "./network.ts";
import { isOpen } from "./types.ts";

/** Undefined when all sizes are known. */
export function openSize(network: Network): Diagnostic | undefined {
  const { height, width, channels, kind, span } = network.input;
  const open = [
    ...(kind === "image" && isOpen(height) ? ["height"] : []),
    ...(isOpen(width) ? [kind === "image" ? "width" : "length"] : []),
    ...(channels === undefined || Number.isNaN(channels) ? ["channels"] : []),
  ];
  if (!network.open && open.length === 0) return undefined;
  const written = span.end > span.start;
  const example = kind === "signal" ? `4096x${channels ?? 1}` : `128x128x${channels ?? 3}`;
  const listed = open.length < 2 ? open.join("") : `${open.slice(0, -1).join(", ")} and ${open.at(-1)}`;
  return {
    severity: "error",
    code: "S0612",
    title: "the size of the input is open",
    span,
    label: written ? `${listed} ${open.length === 1 ? "is" : "are"} open` : "without `input`, size and channels are open",
    notes: ["kernels are compiled for one size"],
    helps: [{ text: `give the size to compile for: \`--input ${example}\`` }],
  };
}
