/** @file What every measurement needs: a network from a text, a device, a session. */

import { limitsOf } from "../dist/compiler/assemble/assemble.js";
import { elaborate } from "../dist/compiler/elaborate/elaborate.js";
import { parse } from "../dist/compiler/syntax/parser.js";
import { openDevice } from "../dist/runtime/index.js";
import { targetFor } from "../dist/train/open.js";

export { openSession } from "../dist/runtime/index.js";

/** A device with the limits of its adapter's class, and that class, as `specc train` takes them. */
export async function openTarget(options = {}) {
  const device = await openDevice({ ...options, needs: (adapter) => ({ limits: limitsOf(targetFor(adapter)), features: [] }) });
  return { device, target: targetFor(device.adapter) };
}

/** The one network of a spec text; errors are ours, so they are thrown with their titles. */
export function elaborateText(text, options = {}) {
  const source = { name: "bench.spec", text };
  const { file, diagnostics } = parse(source);
  const result = file === undefined ? { diagnostics: [] } : elaborate(file, source, options);
  const errors = [...diagnostics, ...result.diagnostics].filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length > 0 || result.network === undefined) throw new Error(errors.map((error) => `${error.code} ${error.title}`).join("\n"));
  return result.network;
}
