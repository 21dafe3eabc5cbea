/** @file The error for data that cannot be used: says what is wrong and what to do. */

/** The user's data or the way to it is wrong: exit code 1. `message` gives the cause, `help` the cure. */
export class DataError extends Error {
  /** A page of grammar/diagnostics, when there is one. */
  readonly code: string | undefined;
  readonly help: string | undefined;

  constructor(message: string, options: { readonly help?: string; readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DataError";
    this.code = options.code;
    this.help = options.help;
  }
}

/** First line of what was thrown, for messages about files. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split("\n", 1)[0].trim();
}

/** `ENOENT`, `ENOSPC`, ... of an error of the operating system; undefined for any other. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** What there is to read; undefined where the file or folder is not there. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
};

/** `the disk is full`: the same in words; undefined for an error that is no fault of the path or the disk. */
export function systemReason(thrown: unknown): string | undefined {
  const code = systemCode(thrown);
  return code === undefined ? undefined : systemReasons[code];
}
