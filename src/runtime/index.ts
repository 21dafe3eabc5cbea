/** @file The door of the runtime: everything a host needs to run a Plan, without dependencies. */

export { stepsOfRun } from "../plan/steps.ts";
export type { Words } from "../plan/threefry.ts";
export { threefry } from "../plan/threefry.ts";
export type { OpenDeviceOptions } from "./adapters.ts";
export { listAdapters, openDevice } from "./adapters.ts";
export type { AdapterDescription, Device, DeviceCounters } from "./device.ts";
export { adoptDevice, DeviceError, LimitError, NoAdapterError, OutOfMemoryError } from "./device.ts";
export { cosineAndSine, exponential, exponentialMinusOne, naturalLogarithm, wholePower } from "./elementary.ts";
export type { ExecutorOptions, TensorData } from "./executor.ts";
export { RunError } from "./executor.ts";
export { initialiseParams, rawValue } from "./initialise.ts";
export type { Picture, Standardisation } from "./pixels.ts";
export {
  convertChannels,
  countBytes,
  cropToAspect,
  fitPicture,
  measureStandardisation,
  pixelsToValues,
  resize,
  valueTable,
} from "./pixels.ts";
export { PlanError, validatePlan } from "./plan-validate.ts";
export type { Split, SplitRule, StreamTag } from "./random.ts";
export { draw, drawOrder, epochOrder, hashText, normalPair, rootKey, stratifiedSplit, streamKey, streamTag, uniform } from "./random.ts";
export type { Tensor, TensorFile } from "./safetensors.ts";
export { floatTensor, integerTensor, readTensors, TensorFileError, writeTensors } from "./safetensors.ts";
export type { Session } from "./session.ts";
export { checkTensors, openSession, TensorMismatchError } from "./session.ts";
export { learningRate, stepScalars } from "./step-scalars.ts";
export type { ProgramTiming } from "./timing.ts";
