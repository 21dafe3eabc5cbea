/** @file The door of `specc/runs`: training runs for applications in Node, as the command line makes them. */

export { ProgramError } from "../compiler/diagnostics/program-error.ts";
export { DataError } from "../data/data-error.ts";
export type { RunEvent } from "./events.ts";
export type { NewRun, ResumedRun, RunRequest, TrainingSettings } from "./request.ts";
export type { RunDone, RunFailed, RunResult, RunStopped } from "./result.ts";
export { RunError } from "./run-error.ts";
export type { OpenRunRequest, SavedRun } from "./saved-run.ts";
export { openRun } from "./saved-run.ts";
export { trainRun } from "./train-run.ts";
