/** @file The library that reads and writes ZIP archives: optional, so it is loaded when one is asked for. */

import { DataError } from "./data-error.ts";

/** @throws DataError that says how to install it */
export async function loadZip(): Promise<typeof import("fflate")> {
  try {
    return await import("fflate");
  } catch (cause) {
    throw new DataError("ZIP archives (.npz, .pt) need the package `fflate`, which could not be loaded", {
      help: "install it: npm install fflate@0.8.3",
      cause,
    });
  }
}
