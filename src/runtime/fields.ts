/** @file Reads JSON that comes from outside, field by field, so that no later code needs to doubt it. */

/** A field is not what it must be; the message names its place. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

/** Undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An empty place: the value is the whole. */
export function demand(condition: boolean, place: string, problem: string): asserts condition {
  if (!condition) throw new FieldError(place === "" ? problem : `${place}: ${problem}`);
}

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, place: string): Fields {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), place, "expected an object");
  return value as Fields;
}

export function listOf(value: unknown, place: string): readonly unknown[] {
  demand(Array.isArray(value), place, "expected a list");
  return value;
}

export function text(value: unknown, place: string): string {
  demand(typeof value === "string", place, "expected a string");
  return value;
}

export function finite(value: unknown, place: string): number {
  demand(typeof value === "number" && Number.isFinite(value), place, "expected a number");
  return value;
}

export function whole(value: unknown, place: string, low = 0): number {
  const number = finite(value, place);
  demand(Number.isSafeInteger(number) && number >= low, place, `expected a whole number of at least ${low}, got ${number}`);
  return number;
}

export function oneOf(value: unknown, words: readonly string[], place: string): void {
  demand(typeof value === "string" && words.includes(value), place, `expected ${words.join(", ")}, got ${JSON.stringify(value)}`);
}
