/** @file results.csv: one row for each epoch. */

import { appendFile, readFile } from "node:fs/promises";
import { writeAtomically } from "../data/atomic-file.ts";
import { systemCode } from "../data/data-error.ts";

export interface ResultRow {
  /** From 1. */
  readonly epoch: number;
  /** Steps since the run began. */
  readonly step: number;
  /** Seconds of training since the run began, interruptions left out. */
  readonly time: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Undefined without validation items. */
  readonly valLoss: number | undefined;
  readonly valAccuracy: number | undefined;
  /** Of the last step. */
  readonly lr: number;
}

const columns: readonly { readonly title: string; readonly key: keyof ResultRow }[] = [
  { title: "epoch", key: "epoch" },
  { title: "step", key: "step" },
  { title: "time", key: "time" },
  { title: "loss", key: "loss" },
  { title: "accuracy", key: "accuracy" },
  { title: "val_loss", key: "valLoss" },
  { title: "val_accuracy", key: "valAccuracy" },
  { title: "lr", key: "lr" },
];

const header = columns.map(({ title }) => title).join(",");

export class ResultsFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Adds a row, and the header to a new file. */
  async append(row: ResultRow): Promise<void> {
    const isNew = (await this.#text()) === "";
    await appendFile(this.path, `${isNew ? `${header}\n` : ""}${line(row)}\n`);
  }

  /** The rows in order. A line that was cut off by a crash is not a row. */
  async read(): Promise<readonly ResultRow[]> {
    return (await this.#text())
      .split("\n")
      .slice(1, -1)
      .map(parse)
      .filter((row) => row !== undefined);
  }

  /** For a resumed run: forgets the epochs after the one that was saved, which are going to be trained again. */
  async keepEpochs(last: number): Promise<void> {
    const kept = (await this.read()).filter(({ epoch }) => epoch <= last);
    await writeAtomically(this.path, [header, ...kept.map(line), ""].join("\n"));
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.path, "utf8");
    } catch (thrown) {
      if (systemCode(thrown) === "ENOENT") return "";
      throw thrown;
    }
  }
}

/** Shortest digits that read back as the same number; milliseconds are enough for the time. */
function line(row: ResultRow): string {
  return columns.map(({ key }) => (key === "time" ? row.time.toFixed(3) : String(row[key] ?? ""))).join(",");
}

function parse(text: string): ResultRow | undefined {
  const cells = text.split(",");
  if (cells.length !== columns.length) return undefined;
  const [epoch, step, time, loss, accuracy, valLoss, valAccuracy, lr] = cells.map((cell) => (cell === "" ? undefined : Number(cell)));
  if (epoch === undefined || step === undefined || time === undefined || loss === undefined || accuracy === undefined || lr === undefined) {
    return undefined;
  }
  return { epoch, step, time, loss, accuracy, valLoss, valAccuracy, lr };
}
