/** @file The text of a kernel, or of equal kernels, with the loads and stores that it calls. */

import type { Bindings, Shift } from "./bindings.ts";
import type { Piece } from "./job.ts";
import type { Family } from "./ports.ts";
import { fourStores, loadFunction, loadPlain, storeFunction, wideLoadFunction, wideStoreFunction } from "./ports.ts";

export interface PrintedFamily {
  /** Loads and stores; printed last, because where bindings start depends on all of them. */
  readonly functions: () => readonly string[];
  readonly declarations: string | undefined;
  readonly body: string;
  /** Complete when the functions have been printed. */
  readonly shifts: readonly Shift[];
}

/** One text for equal kernels. `suffix` tells its functions from those of others; `narrow`: no four elements at a time. */
export function printFamily(family: readonly Piece[], suffix: string, bindings: Bindings, narrow: boolean): PrintedFamily {
  const { kernel } = family[0];
  const shifts: Shift[] = [];
  const portsOf = (side: "reads" | "writes", index: number): Family => ({
    ports: family.map((piece) => piece.kernel[side][index]),
    name: `${index}${suffix}`,
    shifts,
  });
  const wideReads = kernel.wideReads ?? [];
  const text = `${kernel.declarations ?? ""}\n${kernel.body}`;
  // Asked for four elements at a time alone, a read needs no binding for one at a time.
  const onlyWide = (index: number): boolean =>
    !narrow && wideReads.includes(index) && kernel.reads[index].value === undefined && !new RegExp(`\\bload${index}\\b`).test(text);
  const functions = [
    ...kernel.reads.flatMap((_, index) => (onlyWide(index) ? [] : [loadFunction(portsOf("reads", index), bindings)])),
    ...kernel.writes.flatMap((_, index) => {
      const wide = kernel.wideWrites?.includes(index) === true;
      if (wide && !narrow) return [wideStoreFunction(portsOf("writes", index), bindings)];
      return [storeFunction(portsOf("writes", index), bindings), ...(wide ? [() => fourStores(`${index}${suffix}`)] : [])];
    }),
  ];
  const tables = (kernel.tables ?? []).map((table) => bindings.table(table));
  // Last, because wide loads can do without bindings of their own.
  functions.push(
    ...wideReads.map((index) =>
      onlyWide(index) ? loadPlain(portsOf("reads", index), bindings) : wideLoadFunction(portsOf("reads", index), bindings, narrow),
    ),
  );
  const named = (source: string): string =>
    source
      .replace(
        /\b(load|store)(\d+)(x4)?\b/g,
        (_, verb: string, index: string, wide: string | undefined) => `${verb}${index}${suffix}${wide ?? ""}`,
      )
      .replace(/\bout(\d+)\b/g, (_, index: string) => `out${index}${suffix}`)
      .replace(/\btable(\d+)\b/g, (_, index: string) => tables[Number(index)]);
  return {
    functions: () => functions.map((print) => print()),
    declarations: kernel.declarations === undefined ? undefined : named(kernel.declarations),
    body: named(kernel.body),
    shifts,
  };
}
