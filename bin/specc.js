#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/cli/main.js", import.meta.url);

if (existsSync(built)) {
  try {
    const { main } = await import(built.href);
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write(`${error.message}\nA dependency is missing; in specc's folder run: npm install\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write("specc is not built yet; in its folder run: npm run build\n");
  process.exitCode = 1;
}
