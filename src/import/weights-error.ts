/** @file What is wrong with weights of another program, and what to do about it. */

export class WeightsError extends Error {
  override readonly name = "WeightsError";
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}
