/** @file The numbers of WebGPU's flags: in Node an application may hand over a device without the globals that name them. */

export const bufferUsage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80, queryResolve: 0x200 } as const;
export const mapForReading = 0x1;
export const computeStage = 0x4;
