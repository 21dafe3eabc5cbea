/** @file Base64: equal to Node's, both ways. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../src/plan/base64.ts";

test("bytes come back, and the text is what others write", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect([...decodeBase64(text)]).toEqual([...bytes]);
    }),
  );
});

test("what is no base64 is refused", () => expect(() => decodeBase64("*")).toThrow());
