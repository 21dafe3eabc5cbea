/** @file Serves this folder on this machine alone: node examples/browser/serve.mjs [PORT]. Any static server will do as well. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const folder = import.meta.dirname;
const port = Number(process.argv[2] ?? 8080);
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

createServer(async ({ url }, response) => {
  const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
  const file = path.endsWith("/") ? `${path}index.html` : path;
  try {
    const content = await readFile(join(folder, file));
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}).listen(port, "127.0.0.1", () => console.log(`http://localhost:${port}/`));
