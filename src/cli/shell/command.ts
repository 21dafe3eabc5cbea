/** @file What a command is: a manual and a function from arguments to an exit code. */

import type { Arguments, Manual } from "./arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Host, Output } from "./output.ts";

export interface Command {
  readonly manual: Manual;
  /** May throw: `failures.ts` knows what each error means. */
  readonly run: (args: Arguments, output: Output, host: Host) => Promise<ExitCode>;
}

/** A line of the overview; the command itself is loaded when it is used. */
export interface CommandRow {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<Command>;
}
