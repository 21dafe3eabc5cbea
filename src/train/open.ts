/** @file Opens a session for a compiled network on `auto`, `cpu` or a named adapter. */

import type { Compiled } from "../compiler/compile.ts";
import { ReferenceSession } from "../compiler/reference-session.ts";
import { Limitation } from "../compiler/diagnostic.ts";
import { software } from "../compiler/lower.ts";
import type { Plan } from "../compiler/plan.ts";
import { LimitError, openDevice } from "../runtime/device.ts";
import type { Device } from "../runtime/device.ts";
import { openSession } from "../runtime/session.ts";
import type { Session } from "../runtime/session.ts";

export interface OpenedSession {
  readonly session: Session;
  /** With the schedules of this adapter. */
  readonly compiled: Compiled;
  /** Undefined on the CPU. */
  readonly device: Device | undefined;
  /** Frees buffers and device; Node can exit. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly onWarm?: (done: number, total: number) => void;
  /** Takes the adapter's clock, where it has one, for `session.time`. */
  readonly timestamps?: boolean;
}

/**
 * Kernels are scheduled for the kind of adapter that is found.
 * @throws NoAdapterError, DeviceError; Limitation where the adapter's buffers are too small for the batch
 */
export async function openCompiled(compiled: Compiled, device: string, { onWarm, timestamps = false }: OpenOptions = {}): Promise<OpenedSession> {
  if (device === "cpu") {
    const session = new ReferenceSession(compiled);
    return { session, compiled, device: undefined, close: () => session.close() };
  }
  const opened = await openFor(compiled.plan, device, timestamps);
  try {
    const scheduled = opened.adapter.fallback ? compiled.retarget(software) : compiled;
    const session = await openSession(scheduled.plan, opened, { onWarm });
    return {
      session, compiled: scheduled, device: opened,
      close: async () => {
        await session.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openFor(plan: Plan, device: string, timestamps: boolean): Promise<Device> {
  try {
    return await openDevice({ device, timestamps, ...plan.target });
  } catch (error) {
    const large = error instanceof LimitError && /^max(StorageBufferBinding|Buffer)Size$/.test(error.limit);
    if (!large) throw error;
    const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;
    const { batch } = plan.input;
    // The largest buffer holds one layer's values of the whole batch, so it shrinks with the batch.
    const fits = Math.floor((batch * error.offered) / error.needed);
    throw new Limitation(`a batch of ${batch} needs a buffer of ${mebibytes(error.needed)}, and this adapter's hold at most ${mebibytes(error.offered)}`, {
      help: fits >= 1 ? `use \`--batch ${fits}\` or less, or smaller images` : "use smaller images or fewer filters, or `--device cpu`",
    });
  }
}
