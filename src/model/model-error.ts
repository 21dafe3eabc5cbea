/** @file The error for what an application hands to a model. */

/** An argument is wrong, or does not fit the network; the message says what would. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}
