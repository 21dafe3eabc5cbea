/** @file A program and its weights, for what is made of them: from a run, or from a text and a file of parameters. */

import type { Source } from "../compiler/diagnostics/diagnostic.ts";
import type { GivenInput, Override } from "../compiler/elaborate/elaborate.ts";
import type { Plan } from "../plan/plan.ts";
import { openRunFolder } from "../report/folder/run-folder.ts";
import type { WeightsHeader } from "./checkpoint.ts";
import { readWeights } from "./checkpoint.ts";
import { readSettings } from "./settings.ts";
import { readParams, readTensorFile } from "./tensor-files.ts";

export interface Program {
  readonly source: Source;
  readonly net: string | undefined;
  /** Null: the file's. */
  readonly input: GivenInput | null;
  readonly overrides: readonly Override[];
  /** Training augments its images, if the file says so: a run may have been told not to. */
  readonly augmented: boolean;
  /** Null: a file alone has none. */
  readonly weights: (plan: Pick<Plan, "params" | "input">) => Promise<Weights | null>;
}

export interface Weights {
  readonly params: ReadonlyMap<string, Float32Array>;
  /** Null: of a file of parameters, which says nothing else. */
  readonly header: Pick<WeightsHeader, "classes" | "statistics" | "data"> | null;
}

/** @param params a file of them; undefined: there are no weights */
export function programOfFile(
  source: Source,
  { net, overrides, params }: Partial<Pick<Program, "net" | "overrides">> & { readonly params?: string },
): Program {
  return {
    source,
    net,
    input: null,
    overrides: overrides ?? [],
    augmented: true,
    weights: async (plan) =>
      params === undefined ? null : { params: readParams(params, await readTensorFile(params), plan), header: null },
  };
}

/** @param path the run folder */
export async function programOfRun(path: string, from: "best" | "last" = "best"): Promise<Program> {
  const folder = await openRunFolder(path);
  const settings = await readSettings(folder);
  return {
    source: { name: folder.file("spec"), text: await folder.readText("spec") },
    net: settings.net ?? undefined,
    input: settings.input,
    overrides: settings.overrides,
    augmented: settings.augment === true,
    weights: async (plan) => {
      const { header, params } = await readWeights(folder, from === "last" ? "lastWeights" : "bestWeights", plan);
      return { params, header };
    },
  };
}
