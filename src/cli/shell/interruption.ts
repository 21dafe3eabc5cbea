/** @file Ctrl-C: the first lets a command finish what it is doing, the second ends the process at once. */

import { exitCode } from "./exit-code.ts";
import type { Host, Output } from "./output.ts";

/** Thrown where a command was interrupted before there was anything to save. */
class Interrupted extends Error {
  constructor() {
    super("nothing was saved");
    this.name = "Interrupted";
  }
}

/** Runs `body` with a signal that the first SIGINT aborts. */
export async function interruptible<T>(host: Host, output: Output, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = host.onInterrupt(() => {
    if (controller.signal.aborted) return host.exit(exitCode.interrupted);
    output.warn("stopping after this step; press Ctrl-C again to stop at once");
    controller.abort(new Interrupted());
  });
  try {
    return await body(controller.signal);
  } finally {
    stop();
  }
}
