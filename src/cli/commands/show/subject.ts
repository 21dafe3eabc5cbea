/** @file One row of `specc show`: a switch, and what it draws. */

import type { Arguments, Flags, Manual } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import type { Host, Output } from "../../shell/output.ts";

export interface Subject {
  /** The switch that chooses it: `augment` is `--augment`. */
  readonly name: string;
  /** Of the switch, for the help. */
  readonly about: string;
  /** Behind `specc show`. */
  readonly usage: string;
  /** Its own, and those it shares with others; what none of its rows names is refused with it. */
  readonly flags: Flags;
  readonly examples: Manual["examples"];
  readonly notes: string;
  readonly show: (args: Arguments, output: Output, host: Host, signal: AbortSignal) => Promise<ExitCode>;
}
