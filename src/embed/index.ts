/** @file The door of the package `specc`: programs to diagnostics and plans, and plans in motion. No Node built-ins. */

export * from "../compiler/index.ts";
export { ModelError } from "../model/model-error.ts";
export type { CallOptions, Losses, SessionOptions, TrainOptions } from "./session.ts";
export { open, Session } from "./session.ts";
