/** @file The folder that a run leaves behind: what was asked, what happened, what was learned. */

import { mkdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { removeLeftovers, writeAtomically } from "../../data/atomic-file.ts";
import { DataError, reasonOf, systemCode, systemReason } from "../../data/data-error.ts";
import { FilterRecord } from "./filter-record.ts";
import type { ResultRow, StepRow } from "./results.ts";
import { resultColumns, stepColumns } from "./results.ts";
import { RowFile } from "./row-file.ts";

/** Names inside a run folder. */
export const runFiles = {
  arguments: "args.json",
  spec: "net.spec",
  environment: "env.json",
  results: "results.csv",
  steps: "steps.csv",
  lastWeights: "weights/last.safetensors",
  bestWeights: "weights/best.safetensors",
  lastState: "weights/last.state.safetensors",
  curves: "curves.png",
  confusion: "confusion.png",
  filters: "filters.png",
  filterRecord: "filters.ndjson",
} as const;

export type RunFile = keyof typeof runFiles;

/**
 * Each file is replaced as a whole, or grows by lines, so a run that is killed leaves files that can be read. Two files do not
 * change at one instant: what a resumed run needs belongs in `lastState` alone, weights included.
 */
export class RunFolder {
  readonly path: string;
  /** One row for each epoch. */
  readonly results: RowFile<ResultRow>;
  /** One row for each step. */
  readonly steps: RowFile<StepRow>;
  readonly filterRecord: FilterRecord;

  constructor(path: string) {
    this.path = path;
    this.results = new RowFile(this.file("results"), resultColumns);
    this.steps = new RowFile(this.file("steps"), stepColumns);
    this.filterRecord = new FilterRecord(this.file("filterRecord"));
  }

  /** The path of one of its files, whether it is there or not. */
  file(name: RunFile): string {
    return join(this.path, ...runFiles[name].split("/"));
  }

  /** @throws the operating system's error, for example ENOSPC. */
  async write(name: RunFile, content: string | Uint8Array): Promise<void> {
    await writeAtomically(this.file(name), content);
  }

  /** What killed processes left of its files; for who goes on writing them. */
  async removeLeftovers(): Promise<void> {
    for (const name of Object.keys(runFiles) as RunFile[]) await removeLeftovers(this.file(name));
  }

  async writeJson(name: "arguments" | "environment", value: unknown): Promise<void> {
    await this.write(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** @throws DataError when the file is missing. */
  async read(name: RunFile): Promise<Uint8Array> {
    try {
      return await readFile(this.file(name));
    } catch (thrown) {
      if (systemCode(thrown) !== "ENOENT") throw thrown;
      throw new DataError(`${this.path} has no ${runFiles[name]}`, {
        help: name === "lastState" || name === "lastWeights" ? "the run stopped before it saved anything: train again" : undefined,
        cause: thrown,
      });
    }
  }

  async readText(name: RunFile): Promise<string> {
    return new TextDecoder().decode(await this.read(name));
  }
}

/**
 * Makes a new run folder at `path`, or at `path`2, `path`3, ... where the name is taken: no run overwrites another.
 *
 * @throws DataError when the place cannot be written
 */
export async function createRunFolder(path: string): Promise<RunFolder> {
  try {
    await mkdir(dirname(path), { recursive: true });
    for (let number = 1; ; number++) {
      const numbered = number === 1 ? path : join(dirname(path), `${basename(path)}${number}`);
      try {
        // Without `recursive` this fails where something is, so two runs that start together get two folders.
        await mkdir(numbered);
      } catch (thrown) {
        if (systemCode(thrown) === "EEXIST") continue;
        throw thrown;
      }
      await mkdir(join(numbered, "weights"));
      return new RunFolder(numbered);
    }
  } catch (thrown) {
    throw new DataError(`cannot make a run folder at ${path}: ${systemReason(thrown) ?? reasonOf(thrown)}`, {
      help: "choose another place: --out DIR",
      cause: thrown,
    });
  }
}

/** @throws DataError when there is no run at `path`. */
export async function openRunFolder(path: string): Promise<RunFolder> {
  const folder = new RunFolder(path);
  try {
    await stat(folder.file("spec"));
  } catch (thrown) {
    throw new DataError(`${path} is not a run folder: it has no ${runFiles.spec}`, {
      help: "give the folder that `specc train` printed, for example runs/train/net",
      cause: thrown,
    });
  }
  return folder;
}
