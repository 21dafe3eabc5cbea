/** @file The line of JSON that a trial ends with, beside its folder and on standard output. */

import { readFile } from "node:fs/promises";
import { writeAtomically } from "../data/atomic-file.ts";
import { unlessMissing } from "../data/data-error.ts";
import { FieldError, parseJson } from "../runtime/fields.ts";
import type { Trial } from "./plan.ts";
import { validateLine } from "./validate.ts";

/** Of a trial with this folder. */
export function lineFile(folder: string): string {
  return `${folder}.json`;
}

interface LineStart extends Omit<Trial, "input"> {
  readonly type: "trial";
  readonly version: 1;
}

/** Written before the training, so that nobody goes on with a folder of other settings. */
export interface StartedLine extends LineStart {
  readonly status: "started";
  /** Who is at it. */
  readonly process: { readonly host: string; readonly id: number };
}

export interface FailedLine extends LineStart {
  readonly status: "failed";
  readonly reason: string;
}

export interface DoneLine extends LineStart {
  readonly status: "done";
  /** Of the epoch with the lowest validation loss, measured once, at the end. */
  readonly accuracy: number;
  readonly loss: number;
  readonly measuredOn: "test" | "validation";
  /** Images that were measured. */
  readonly count: number;
  readonly best: { readonly epoch: number; readonly valLoss: number | null; readonly valAccuracy: number | null };
  readonly epochs: number;
  /** Of training with validation. */
  readonly seconds: number;
  readonly input: string;
  readonly images: { readonly training: number; readonly validation: number };
  readonly classes: readonly string[];
  /** Values in force, as the language writes them: loss, optimizer, epochs, ... */
  readonly train: Readonly<Record<string, string>>;
  readonly parameters: { readonly filters: number; readonly heads: number; readonly other: number; readonly total: number };
  /** Bytes on the device at the peak; null on the processor. */
  readonly memory: number | null;
  readonly adapter: string;
  /** Trials that shared the device. */
  readonly jobs: number;
  /** SHA-256 of the training data. */
  readonly data: string;
  readonly specc: string;
}

export type TrialLine = StartedLine | DoneLine | FailedLine;

export function startLine({ index, net, seed, key, folder }: Trial): LineStart {
  return { type: "trial", version: 1, index, net, seed, key, folder };
}

export async function writeLine(folder: string, line: TrialLine): Promise<void> {
  await writeAtomically(lineFile(folder), `${JSON.stringify(line)}\n`);
}

/** What is there instead of a line. */
export interface DamagedLine {
  readonly status: "damaged";
  readonly reason: string;
}

/** Undefined where there is none. */
export async function readLine(folder: string): Promise<TrialLine | DamagedLine | undefined> {
  const text = await unlessMissing(readFile(lineFile(folder), "utf8"));
  if (text === undefined) return undefined;
  const json = parseJson(text);
  try {
    validateLine(json);
    return json as TrialLine;
  } catch (thrown) {
    if (!(thrown instanceof FieldError)) throw thrown;
    return { status: "damaged", reason: `it is not a line that a trial writes: ${thrown.message}` };
  }
}
