/** @file Kernels to pipelines: all compiled at once, with errors that show the WGSL around them. */

import type { Kernel } from "../plan/plan.ts";
import type { Device } from "./device.ts";
import { DeviceError } from "./device.ts";
import { computeStage } from "./webgpu-flags.ts";

const bindingTypes = { read: "read-only-storage", write: "storage", uniform: "uniform" } as const;

/** Lines shown before and after the one that a message is about. */
const contextLines = 3;

/** The messages of a shader compiler, each with the lines around it and a caret. */
function renderMessages(wgsl: string, messages: readonly GPUCompilationMessage[]): string {
  const lines = wgsl.split("\n");
  return messages
    .filter(({ type }) => type === "error")
    .map(({ message, lineNum, linePos }) => {
      if (lineNum < 1) return message;
      const first = Math.max(1, lineNum - contextLines);
      const last = Math.min(lines.length, lineNum + contextLines);
      const shown: string[] = [];
      for (let line = first; line <= last; line++) {
        shown.push(`${String(line).padStart(5)} | ${lines[line - 1]}`);
        if (line === lineNum) shown.push(`      | ${" ".repeat(Math.max(0, linePos - 1))}^ ${message}`);
      }
      return shown.join("\n");
    })
    .join("\n");
}

/** One layout for each sequence of binding kinds. */
export class LayoutCache {
  readonly #gpu: GPUDevice;
  readonly #groups: Map<string, GPUBindGroupLayout> = new Map();
  readonly #pipelines: Map<string, GPUPipelineLayout> = new Map();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  group(bindings: Kernel["bindings"]): GPUBindGroupLayout {
    const key = bindings.join(" ");
    let layout = this.#groups.get(key);
    if (layout === undefined) {
      layout = this.#gpu.createBindGroupLayout({
        label: key,
        entries: bindings.map((kind, binding) => ({ binding, visibility: computeStage, buffer: { type: bindingTypes[kind] } })),
      });
      this.#groups.set(key, layout);
    }
    return layout;
  }

  pipeline(bindings: Kernel["bindings"]): GPUPipelineLayout {
    const key = bindings.join(" ");
    let layout = this.#pipelines.get(key);
    if (layout === undefined) {
      layout = this.#gpu.createPipelineLayout({ label: key, bindGroupLayouts: [this.group(bindings)] });
      this.#pipelines.set(key, layout);
    }
    return layout;
  }
}

async function createPipeline(device: Device, kernel: Kernel, layouts: LayoutCache): Promise<GPUComputePipeline> {
  const { label, wgsl, bindings } = kernel;
  let module: GPUShaderModule | undefined;
  try {
    module = await device.scoped(label, () => {
      module = device.gpu.createShaderModule({ label, code: wgsl });
      return module;
    });
    return await device.gpu.createComputePipelineAsync({
      label,
      layout: layouts.pipeline(bindings),
      compute: { module, entryPoint: "main" },
    });
  } catch (error) {
    const messages = module === undefined ? [] : (await module.getCompilationInfo()).messages;
    const rendered = renderMessages(wgsl, messages);
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new DeviceError(`kernel \`${label}\` does not compile\n${rendered === "" ? reason : rendered}`);
  }
}

/**
 * Compiles every kernel.
 * @param onCompiled called after each
 * @throws DeviceError naming the first kernel, in order, that does not compile
 */
export async function createPipelines(
  device: Device,
  kernels: readonly Kernel[],
  layouts: LayoutCache,
  onCompiled: () => void,
): Promise<GPUComputePipeline[]> {
  const results = await Promise.allSettled(
    kernels.map(async (kernel) => {
      const pipeline = await createPipeline(device, kernel, layouts);
      onCompiled();
      return pipeline;
    }),
  );
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
