/** @file The error of a run, or of a file that belongs to one, that is not what was asked for: says what is wrong and what to do. */

/** The caller's request or files are wrong. `message` gives the cause, `help` the cure. */
export class RunError extends Error {
  override readonly name = "RunError";
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}
