/** @file Equal kernels that share one text, with the loads and stores that it calls. */

import type { Access, Bindings, Shift } from "./bindings.ts";
import type { Piece } from "./job.ts";
import { canonicalText, portNames, printKernel } from "./kernel-text.ts";
import type { ModuleNames } from "./names.ts";
import type { PortFamily } from "./ports.ts";
import { fourStores, loadFunction, loadPlain, storeFunction, wideLoadFunction, wideStoreFunction, writeAccess } from "./ports.ts";

export interface PrintedFamily {
  readonly declarations: readonly string[];
  /** Loads and stores. */
  readonly functions: readonly string[];
  readonly body: string;
}

/** One text for equal kernels. */
export interface BoundFamily {
  /** Complete when it has been printed. */
  readonly shifts: readonly Shift[];
  /** To be called when all families are bound, because where bindings start depends on all of them. */
  readonly print: () => PrintedFamily;
}

/** @param suffix tells the functions of a family from those of others; `narrow`: no four elements at a time */
export function bindFamily(
  family: readonly Piece[],
  suffix: string,
  module: ModuleNames,
  bindings: Bindings,
  narrow: boolean,
): BoundFamily {
  const { kernel } = family[0];
  const shifts: Shift[] = [];
  const portsOf = (side: "reads" | "writes", index: number): PortFamily => ({
    ports: family.map((piece) => piece.kernel[side][index]),
    shifts,
  });
  const names = portNames(kernel, module, suffix);
  const wideReads = kernel.wideReads ?? [];
  const { loaded } = canonicalText(kernel);
  // Asked for four elements at a time alone, a read needs no binding for one at a time.
  const onlyWide = (read: number): boolean =>
    !narrow && wideReads.includes(read) && kernel.reads[read].value === undefined && !loaded.has(read);
  const functions = kernel.reads.flatMap((_, read) =>
    onlyWide(read) ? [] : [loadFunction(names.load[read], portsOf("reads", read), bindings)],
  );
  const places: Access[] = [];
  for (const write of kernel.writes.keys()) {
    const ports = portsOf("writes", write);
    const fours = kernel.wideWrites?.includes(write) === true;
    const place = writeAccess(`out${write}${suffix}`, ports, fours && !narrow, bindings);
    places.push(place);
    if (fours && !narrow)
      functions.push(wideStoreFunction(names.storeWide[write], module.take(`value${write}${suffix}`), ports, place, bindings));
    else {
      functions.push(storeFunction(names.store[write], ports, place, bindings));
      if (fours) functions.push(() => fourStores(names.storeWide[write], names.store[write]));
    }
  }
  const tables = (kernel.tables ?? []).map((table) => bindings.table(table));
  // Last, because wide loads can do without bindings of their own.
  for (const read of wideReads) {
    const ports = portsOf("reads", read);
    functions.push(
      onlyWide(read)
        ? loadPlain(names.loadWide[read], ports, bindings)
        : wideLoadFunction(names.loadWide[read], names.load[read], ports, bindings, narrow),
    );
  }
  return {
    shifts,
    print() {
      const printed = functions.map((print) => print());
      const { declarations, body } = printKernel(kernel, module, names, tables, (write, index) => places[write](index));
      return { declarations, functions: printed, body };
    },
  };
}
