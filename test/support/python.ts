/**
 * @file The Python of a test run by what it has installed: skipped with a reason where there is none, demanded where
 * SPECC_REQUIRE_TORCH=1.
 */

import { execFileSync } from "node:child_process";

/** What a test wants, and the code that a Python which has it runs without an error (scripts/torch.sh looks for both). */
const wants = {
  "PyTorch 1.13 and Pillow": "import PIL, torch; assert tuple(map(int, torch.__version__.split('.')[:2])) >= (1, 13)",
  PyYAML: "import yaml",
} as const;

/** The Python that runs `code`: SPECC_PYTHON, or the first with a usual name. Undefined where none does. */
export function findPython(code: string): string | undefined {
  const named = process.env["SPECC_PYTHON"];
  const candidates = named === undefined || named === "" ? ["python3", "/usr/bin/python3"] : [named];
  return candidates.find((name) => {
    try {
      execFileSync(name, ["-c", code], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** Undefined where there is none, which is said: `describe.skipIf(python === undefined)`. */
export function pythonWith(packages: keyof typeof wants): string | undefined {
  const python = findPython(wants[packages]);
  if (python !== undefined) return python;
  const reason = `no Python with ${packages}; run: sh scripts/torch.sh`;
  if (process.env["SPECC_REQUIRE_TORCH"] === "1") throw new Error(`SPECC_REQUIRE_TORCH=1, but there is ${reason}`);
  console.warn(`tests in Python are skipped: ${reason}`);
  return undefined;
}
