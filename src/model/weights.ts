/** @file The weights of a model: read from a file, and shared by the sessions that hold copies of them. */

import type { PlanParam } from "../plan/plan.ts";
import type { Tensor } from "../runtime/safetensors.ts";
import { floatTensor, readTensors, TensorFileError, writeTensors } from "../runtime/safetensors.ts";
import type { Session } from "../runtime/session.ts";

export type Params = ReadonlyMap<string, Float32Array>;

/**
 * The parameters of a network from the bytes of a safetensors file.
 * @throws TensorFileError unless the file has every parameter in its shape, and nothing else
 */
export function readWeights(bytes: Uint8Array, params: readonly PlanParam[]): Params {
  const file = readTensors(bytes);
  const values = new Map(params.map(({ path, shape }) => [path, floatTensor(file, path, shape)]));
  for (const name of file.tensors.keys()) if (!values.has(name)) throw new TensorFileError(`the network has no \`${name}\``);
  return values;
}

export function writeWeights(values: Params, params: readonly PlanParam[], header: object): Uint8Array {
  const tensors = params.map(({ path, shape }): [string, Tensor] => [
    path,
    { dtype: "F32", shape, data: values.get(path) ?? new Float32Array() },
  ]);
  return writeTensors({
    tensors: new Map(tensors),
    metadata: new Map([
      ["format", "specc"],
      ["header", JSON.stringify(header)],
    ]),
  });
}

/** One set of weights of which several sessions hold copies; one of them at a time may be ahead. */
export class SharedWeights {
  /** Of all changes but those of the session that is ahead. */
  #newest: Promise<Params>;
  #version = 0;
  #ahead: Session | undefined;
  /** The version that each session holds. */
  readonly #held: WeakMap<Session, number> = new WeakMap();

  constructor(values: Params) {
    this.#newest = Promise.resolve(values);
  }

  /** After all changes so far, by programs that were started. */
  read(): Promise<Params> {
    const session = this.#ahead;
    if (session === undefined) return this.#newest;
    // The copy is ordered on the device before the next change, which will say so anew.
    this.#ahead = undefined;
    this.#held.set(session, ++this.#version);
    this.#newest = session.readParams().catch((error: unknown) => {
      this.#ahead ??= session;
      throw error;
    });
    return this.#newest;
  }

  /** Brings a session up to date. */
  async giveTo(session: Session): Promise<void> {
    if (this.#ahead === session) return;
    const values = await this.read();
    if (this.#held.get(session) === this.#version) return;
    this.#held.set(session, this.#version);
    await session.writeParams(values);
  }

  /** A program that changes the weights has been started on this session. */
  changedBy(session: Session): void {
    this.#ahead = session;
  }

  /** Puts other values in the place of all changes. */
  replace(values: Params): void {
    this.#ahead = undefined;
    this.#newest = Promise.resolve(values);
    this.#version++;
  }
}
