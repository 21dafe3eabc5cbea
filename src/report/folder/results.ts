/** @file What training writes down of each epoch (results.csv) and of each step (steps.csv). */

import type { Column } from "./row-file.ts";

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

/** Milliseconds are enough for the time. */
export const resultColumns: readonly Column<ResultRow>[] = [
  { title: "epoch", key: "epoch" },
  { title: "step", key: "step" },
  { title: "time", key: "time", digits: 3 },
  { title: "loss", key: "loss" },
  { title: "accuracy", key: "accuracy" },
  { title: "val_loss", key: "valLoss", optional: true },
  { title: "val_accuracy", key: "valAccuracy", optional: true },
  { title: "lr", key: "lr" },
];

/** Of one batch, with the weights before its step. */
export interface StepRow {
  /** Since the run began, from 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Seconds of training since the run began. */
  readonly time: number;
  readonly loss: number;
  readonly accuracy: number;
}

export const stepColumns: readonly Column<StepRow>[] = [
  { title: "step", key: "step" },
  { title: "epoch", key: "epoch" },
  { title: "time", key: "time", digits: 3 },
  { title: "loss", key: "loss" },
  { title: "accuracy", key: "accuracy" },
];
