/** @file Runs ONNX models in ONNX Runtime Web (WebAssembly, one thread). */

import { env, InferenceSession, Tensor } from "onnxruntime-web";

export interface Given {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface Found {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

env.wasm.numThreads = 1;
env.logLevel = "error";

export async function runOnnx(bytes: Uint8Array, inputs: Readonly<Record<string, Given>>): Promise<Readonly<Record<string, Found>>> {
  const session = await InferenceSession.create(bytes);
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [name, new Tensor("float32", Float32Array.from(data), shape)]),
    );
    const results = await session.run(feeds);
    return Object.fromEntries(Object.entries(results).map(([name, { dims, data }]) => [name, { shape: dims, data: data as Float32Array }]));
  } finally {
    await session.release();
  }
}
