/** @file Every program of examples/ is elaborated as it is written. */

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../../src/compiler/check.ts";

describe("every example", () => {
  const folder = new URL("../../../examples/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".spec"));
  test.each(files)("%s has no errors", (name) => {
    const { diagnostics } = check({ name, text: readFileSync(new URL(name, folder), "utf8") });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("damaged in any way gives diagnostics and never a crash", () => {
    const texts = files.map((name) => readFileSync(new URL(name, folder), "utf8"));
    const words = [...new Set(texts.flatMap((text) => text.match(/[A-Za-z_]+|[0-9.x%]+|->|[{}()[\]|,:*=]/g) ?? []))];
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...words)), { minLength: 1, maxLength: 3 }),
        (text, edits) => {
          let damaged = text;
          for (const [at, word] of edits) {
            const tokens = [...damaged.matchAll(/[A-Za-z_]+|[0-9.x%]+|->|[{}()[\]|,:*=]/g)];
            const token = tokens[at % tokens.length];
            if (token !== undefined) damaged = damaged.slice(0, token.index) + word + damaged.slice(token.index + token[0].length);
          }
          const { diagnostics } = check({ name: "net.spec", text: damaged });
          for (const { span } of diagnostics)
            if (!(span.start >= 0 && span.start <= span.end && span.end <= damaged.length)) throw new Error("a span outside the text");
        },
      ),
      { numRuns: Number(process.env["SPECC_FUZZ_RUNS"] ?? 50), seed: 7 },
    );
  });
});
