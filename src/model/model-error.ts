/** @file The error for what an application hands to a model. */

/** An argument is wrong, or does not fit the network; the message says what would. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** @throws ModelError for the first value that is not finite: a network would answer all the same, and be confident */
export function refuseNonFinite(values: Float32Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new ModelError(`value ${index} is ${values[index]}: inputs are finite numbers`);
}
