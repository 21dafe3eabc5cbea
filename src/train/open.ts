/** @file Opens a session for a compiled network on `auto`, `cpu` or a named adapter. */

import type { Compiled } from "../compiler/compile.ts";
import { ReferenceSession } from "../compiler/reference-session.ts";
import { openDevice } from "../runtime/device.ts";
import { openSession } from "../runtime/session.ts";
import type { Session } from "../runtime/session.ts";

export interface OpenedSession {
  readonly session: Session;
  /** Undefined on the CPU. */
  readonly device: Awaited<ReturnType<typeof openDevice>> | undefined;
  /** Frees buffers and device; Node can exit. */
  close(): Promise<void>;
}

/** @throws NoAdapterError, DeviceError */
export async function openCompiled(compiled: Compiled, device: string, onWarm?: (done: number, total: number) => void): Promise<OpenedSession> {
  if (device === "cpu") {
    const session = new ReferenceSession(compiled);
    return { session, device: undefined, close: () => session.close() };
  }
  const opened = await openDevice({ device, ...compiled.plan.target });
  try {
    const session = await openSession(compiled.plan, opened, { onWarm });
    return {
      session, device: opened,
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
