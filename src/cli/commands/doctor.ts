/** @file `specc doctor`: looks at this machine and says what is wrong with it. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { limitsOf } from "../../compiler/assemble/assemble.ts";
import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import { elaborate } from "../../compiler/elaborate/elaborate.ts";
import { parse } from "../../compiler/syntax/parser.ts";
import type { LimitName } from "../../plan/limits.ts";
import { defaultLimits } from "../../plan/limits.ts";
import { checkGradients } from "../../runs/gradient-check.ts";
import { ownVersion } from "../../runs/version.ts";
import { listAdapters } from "../../runtime/adapters.ts";
import type { AdapterDescription } from "../../runtime/device.ts";
import { targetFor } from "../../train/open.ts";
import type { Arguments } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { sharedFlags } from "../shell/flags.ts";
import type { Host, Output } from "../shell/output.ts";
import { bytesText } from "../text/explanation.ts";

export const doctorCommand: Command = {
  manual: {
    name: "doctor",
    usage: "doctor [--device D]",
    about: "Shows versions, environment, adapters and their limits, runs a small network on the adapter, and says what is wrong.",
    positionals: [],
    flags: sharedFlags("device"),
    examples: { "specc doctor": "is this machine ready?", "specc doctor --device llvmpipe": "try one of several adapters" },
    notes: "Exit code 1: no adapter works. `--device cpu` of other commands works without one.",
  },
  run,
};

/** What the kernels may rely on, WebGPU's defaults; where an adapter offers what the class of larger ones needs, specc uses that. */
const limits: readonly { readonly name: LimitName; readonly bytes?: true }[] = [
  { name: "maxStorageBuffersPerShaderStage" },
  { name: "maxComputeInvocationsPerWorkgroup" },
  { name: "maxComputeWorkgroupStorageSize", bytes: true },
  { name: "maxComputeWorkgroupsPerDimension" },
  { name: "maxStorageBufferBindingSize", bytes: true },
  { name: "maxBufferSize", bytes: true },
];

const variables = ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "XDG_RUNTIME_DIR", "MESA_SHADER_CACHE_DIR", "DISPLAY", "NO_COLOR"];

async function run(args: Arguments, output: Output, host: Host): Promise<ExitCode> {
  const device = args.text("device") ?? "auto";
  const versions = {
    specc: ownVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    webgpu: packageVersion("webgpu"),
    sharp: packageVersion("sharp"),
  };
  const environment = Object.fromEntries(variables.map((name) => [name, host.environment[name] ?? null]));
  output.record({ type: "versions", ...versions });
  output.record({ type: "environment", ...environment });
  output.print(
    section(
      "versions",
      Object.entries(versions).map(([name, version]) => [name, version ?? "not installed"]),
    ),
  );
  output.print(
    section(
      "environment",
      Object.entries(environment).map(([name, value]) => [name, value ?? "not set"]),
    ),
  );
  const drivers = vulkanDrivers();
  if (drivers !== undefined) {
    output.record({ type: "drivers", ...drivers });
    output.print(
      section("Vulkan", [
        ["drivers", drivers.manifests.join(", ") || "none"],
        ["Mesa", drivers.mesa ?? "unknown"],
      ]),
    );
  }
  const problems = [...packageProblems(versions), ...environmentProblems(host.environment)];
  const adapters = await seenAdapters(problems);
  for (const adapter of adapters) showAdapter(adapter, output);
  const works = await tryNetwork(device, adapters, problems, output);
  if (!works) problems.push(...driverAdvice(drivers));
  output.record({ type: "result", command: "doctor", works, problems });
  output.print(
    problems.length === 0
      ? "nothing is wrong"
      : ["what is wrong, and what to do:", ...problems.map((problem) => `  - ${problem}`)].join("\n"),
  );
  return works ? exitCode.done : exitCode.user;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ""].join("\n");
}

async function seenAdapters(problems: string[]): Promise<readonly AdapterDescription[]> {
  try {
    return await listAdapters();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}

function showAdapter(adapter: AdapterDescription, output: Output): void {
  const { name, vendor, architecture, backend, fallback, features } = adapter;
  const offered = limits.map(({ name: limit, bytes }): [string, string] => {
    const least = defaultLimits[limit];
    const value = adapter.limits[limit];
    const text = (amount: number): string => (bytes === true ? bytesText(amount) : amount.toLocaleString("en"));
    const most = limitsOf(targetFor(adapter))[limit] ?? least;
    const against =
      value === undefined ? "unknown" : `${text(value)} (specc uses up to ${text(most)}${value < least ? ": TOO LITTLE" : ""})`;
    return [limit, against];
  });
  output.record({ type: "adapter", name, vendor, architecture, backend, software: fallback, limits: adapter.limits, features });
  output.print(
    section(`adapter ${name}`, [
      ["backend", backend || "unknown"],
      ["kind", fallback ? "software, on the processor" : "hardware"],
      ["vendor", `${vendor} ${architecture}`.trim()],
      ...offered,
    ]),
  );
}

/** One forward and backward pass, compared with the reference. */
const trial = "input 8x8x2 -> conv spectral gaussian 2 -> relu -> dense softmax 2";

async function tryNetwork(device: string, adapters: readonly AdapterDescription[], problems: string[], output: Output): Promise<boolean> {
  const source = { name: "doctor.spec", text: trial };
  const network = elaborate(parse(source).file, source).network ?? bug("the doctor's network is wrong");
  try {
    const started = performance.now();
    const { adapter, passed } = await checkGradients(network, device, 0);
    const milliseconds = Math.round(performance.now() - started);
    output.record({ type: "trial", adapter, passed, milliseconds });
    output.print(
      section("trial: one forward and backward pass", [
        ["adapter", adapter],
        ["result", passed ? "agrees with the float64 reference" : "does NOT agree with the float64 reference"],
        ["time", `${milliseconds} ms, with compilation`],
      ]),
    );
    if (!passed) problems.push(`${adapter} computes wrong numbers: update its driver, or choose another adapter with --device`);
    return passed;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    output.record({ type: "trial", adapter: null, passed: false, reason });
    problems.push(adapters.length === 0 || !reason.startsWith("no WebGPU") ? reason.replaceAll("\n", "\n    ") : reason.split("\n")[0]);
    return false;
  }
}

/** The version of an installed package, without loading it. */
function packageVersion(name: string): string | undefined {
  let folder: string;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return undefined;
  }
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const read = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: string; readonly version?: string };
    if (read.name === name) return read.version;
  }
  return undefined;
}

function packageProblems({ webgpu, sharp }: { readonly webgpu: string | undefined; readonly sharp: string | undefined }): string[] {
  return [
    ...(webgpu === undefined ? ["the package `webgpu` is missing: run npm install"] : []),
    ...(sharp === undefined ? ["the package `sharp` is missing, so image files cannot be read: npm install sharp@0.35.5"] : []),
  ];
}

function environmentProblems(environment: Host["environment"]): string[] {
  const problems: string[] = [];
  for (const name of ["VK_ICD_FILENAMES", "VK_DRIVER_FILES"]) {
    const missing = (environment[name] ?? "").split(":").find((path) => path !== "" && !existsSync(path));
    if (missing !== undefined) problems.push(`${name} names ${missing}, which does not exist: correct it or unset it`);
  }
  const runtime = environment["XDG_RUNTIME_DIR"];
  if (process.platform === "linux" && runtime !== undefined && !existsSync(runtime))
    problems.push(`XDG_RUNTIME_DIR is ${runtime}, which does not exist: set it to a writable folder`);
  return problems;
}

interface VulkanDrivers {
  readonly manifests: readonly string[];
  /** Debian's package version; undefined elsewhere. */
  readonly mesa: string | undefined;
}

/** Linux alone has them as files. */
function vulkanDrivers(): VulkanDrivers | undefined {
  if (process.platform !== "linux") return undefined;
  const manifests = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith(".json"))
          .sort()
      : [],
  );
  const status = "/var/lib/dpkg/status";
  const packages = existsSync(status) ? readFileSync(status, "utf8") : "";
  const mesa = /^Package: mesa-vulkan-drivers\n(?:[^\n]+\n)*?Version: (.*)$/m.exec(packages)?.[1];
  return { manifests, mesa };
}

/** Older ones lack what Dawn asks for. */
const oldestMesa = 24;

function driverAdvice(drivers: VulkanDrivers | undefined): string[] {
  const major = Number(/^(?:\d+:)?(\d+)/.exec(drivers?.mesa ?? "")?.[1] ?? Number.NaN);
  return [
    ...(major < oldestMesa
      ? [`Mesa ${drivers?.mesa ?? ""} is too old for WebGPU: version ${oldestMesa} or newer is needed (Debian 12: bookworm-backports)`]
      : []),
    ...(drivers?.manifests.length === 0
      ? ["no Vulkan driver is installed: `sh scripts/adapter.sh` in specc's repository installs a software driver on Debian and Ubuntu"]
      : []),
    "until then add --device cpu: slow, and the same numbers",
  ];
}
