/** @file The filters of a trained network as planes of the half spectrum, for pictures. */

import { compileNetwork } from "../compiler/compile.ts";
import type { Network } from "../compiler/network.ts";
import { ReferenceSession } from "../compiler/reference-session.ts";
import type { FilterPlanes } from "../report/filter-picture.ts";

/** One entry for each `conv spectral`; a shared object has one. Evaluated in f64. */
export async function filterPlanes(network: Network, params: ReadonlyMap<string, Float32Array>): Promise<readonly FilterPlanes[]> {
  const compiled = compileNetwork(network, { programs: ["filters"], batch: 1 });
  const session = new ReferenceSession(compiled);
  try {
    await session.writeParams(params);
    const planes = await session.run("filters", {});
    const titles = new Map(network.nodes.map(({ path, title }) => [path, title]));
    return compiled.plan.programs["filters"].outputs.map(({ name, shape }) => {
      const [rows, columns] = shape.slice(-3);
      const values = planes[name];
      return { title: `${name}: ${titles.get(name) ?? ""}`, filterCount: values.length / (2 * rows * columns), rows, columns, values };
    });
  } finally {
    await session.close();
  }
}
