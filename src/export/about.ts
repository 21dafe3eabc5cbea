/** @file What a file says of the model in it, besides numbers. */

import type { ExportedModel } from "./format.ts";

/** As text, by key: the metadata of every format that has some. */
export function aboutModel({ network, classes, statistics, data, version }: ExportedModel): Readonly<Record<string, string>> {
  const header = { net: network.netName ?? null, classes: classes ?? [], statistics, data: data ?? "", adapter: "" };
  return { format: "specc", header: JSON.stringify(header), program: network.source.text, version };
}
