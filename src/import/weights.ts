/** @file Weights of other programs: safetensors, NumPy's .npz, PyTorch's .pt; what else there is is refused with what to do. */

import { elementCount } from "../plan/shape.ts";
import { readRawTensors, TensorFileError } from "../runtime/safetensors.ts";
import { readNpz } from "./npy.ts";
import type { ElementType, ForeignTensor } from "./numbers.ts";
import { elementBytes, floatsOf } from "./numbers.ts";
import type { Pickled, PickledTensor } from "./pickle.ts";
import { isTensor, readPickle } from "./pickle.ts";
import { WeightsError } from "./weights-error.ts";
import type { Archive } from "./zip.ts";
import { isZip, readZip } from "./zip.ts";

export interface ForeignWeights {
  readonly tensors: readonly ForeignTensor[];
  /** The order is that in which the layers were made; safetensors are sorted by name. */
  readonly ordered: boolean;
}

/** One line of Python makes NumPy arrays of what specc does not read. */
const fromTorch = (path: string): string =>
  `python3 -c "import numpy, torch; numpy.savez('weights.npz', **{k: v.numpy() for k, v in torch.load('${path}', ` +
  `map_location='cpu').items()})" (of a whole model: torch.load(..).state_dict().items())`;
const fromKeras = (path: string): string =>
  `python3 -c "import keras, numpy; numpy.savez('weights.npz', **{getattr(w, 'path', w.name): ` +
  `w.numpy() for w in keras.models.load_model('${path}').weights})"`;

/**
 * @param path for the help of errors
 * @throws WeightsError for damaged files and formats that are not read
 */
export async function readWeights(path: string, bytes: Uint8Array): Promise<ForeignWeights> {
  if (isHdf5(bytes))
    throw new WeightsError("this is an HDF5 file, which specc does not read", `make NumPy arrays of it: ${fromKeras(path)}`);
  if (isZip(bytes)) return fromArchive(path, await readZip(bytes));
  // A pickle without an archive: how PyTorch saved before 1.6.
  if (bytes[0] === 0x80 && bytes[1] <= 5 && bytes[7] !== 0)
    throw new WeightsError("this is a pickle, which may run any program when it is read", `make NumPy arrays of it: ${fromTorch(path)}`);
  try {
    const { tensors } = readRawTensors(bytes, elementBytes);
    return {
      ordered: false,
      tensors: tensors.map(({ name, dtype, shape, bytes: content }) => ({ name, dtype, shape, data: floatsOf(dtype, content) })),
    };
  } catch (error) {
    if (error instanceof TensorFileError)
      throw new WeightsError(error.message, "specc import reads safetensors, NumPy's .npz, and a state_dict in PyTorch's .pt");
    throw error;
  }
}

function isHdf5(bytes: Uint8Array): boolean {
  return bytes.byteLength > 8 && bytes[0] === 0x89 && String.fromCharCode(bytes[1], bytes[2], bytes[3]) === "HDF";
}

function fromArchive(path: string, archive: Archive): ForeignWeights {
  const names = [...archive.keys()];
  if (names.some((name) => name.endsWith(".npy"))) return { ordered: true, tensors: readNpz(archive) };
  const pickle = names.find((name) => name.endsWith("/data.pkl"));
  if (pickle !== undefined) return { ordered: true, tensors: fromStateDict(path, archive, pickle) };
  if (names.some((name) => name.endsWith(".h5")))
    throw new WeightsError("this is a model of Keras, which specc does not read", `make NumPy arrays of it: ${fromKeras(path)}`);
  throw new WeightsError("this archive holds neither NumPy arrays nor a state_dict of PyTorch");
}

const storages: Readonly<Record<string, ElementType>> = {
  "torch DoubleStorage": "F64",
  "torch FloatStorage": "F32",
  "torch HalfStorage": "F16",
  "torch BFloat16Storage": "BF16",
  "torch LongStorage": "I64",
  "torch IntStorage": "I32",
  "torch ShortStorage": "I16",
  "torch CharStorage": "I8",
  "torch ByteStorage": "U8",
  "torch BoolStorage": "BOOL",
};

/** Training scripts often save the state_dict with other things beside it. */
const stateKeys = ["state_dict", "model_state_dict", "model"];

function fromStateDict(path: string, archive: Archive, pickle: string): readonly ForeignTensor[] {
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = archive.get(`${folder}byteorder`)?.();
  if (order !== undefined && new TextDecoder().decode(order) !== "little")
    throw new WeightsError("its numbers are big-endian", `make NumPy arrays of it: ${fromTorch(path)}`);
  let root: Pickled;
  try {
    root = readPickle(archive.get(pickle)?.() ?? new Uint8Array());
  } catch (error) {
    if (error instanceof WeightsError && error.help === undefined)
      throw new WeightsError(error.message, `nothing of it was run. Make NumPy arrays of it, if you trust it: ${fromTorch(path)}`);
    throw error;
  }
  const inner =
    root instanceof Map
      ? stateKeys.map((key) => (root as Map<Pickled, Pickled>).get(key)).find((value) => value instanceof Map)
      : undefined;
  const found: ForeignTensor[] = [];
  const visit = (value: Pickled, name: string): void => {
    if (value instanceof Map) for (const [key, entry] of value) visit(entry, name === "" ? String(key) : `${name}.${String(key)}`);
    else if (isTensor(value)) found.push(viewed(name, value, archive.get(`${folder}data/${value.key}`)));
  };
  visit(inner ?? root, "");
  return found;
}

function viewed(
  name: string,
  { type, key, offset, shape, strides }: PickledTensor,
  content: (() => Uint8Array) | undefined,
): ForeignTensor {
  const refuse = (problem: string): never => {
    throw new WeightsError(`tensor \`${name}\` ${problem}`);
  };
  const dtype: ElementType = storages[type] ?? refuse(`holds ${type.split(" ").at(-1)}, not numbers that can be weights`);
  const storage = floatsOf(dtype, content?.() ?? refuse(`has no storage ${key}`));
  if (storage === undefined) return { name, dtype, shape, data: undefined };
  const last = offset + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 0);
  const count = elementCount(shape);
  if (count > 0 && last >= storage.length) refuse(`ends at ${last} of ${storage.length} numbers`);
  const data = new Float32Array(count);
  const place = shape.map(() => 0);
  for (let index = 0; index < count; index++) {
    data[index] = storage[place.reduce((at, position, axis) => at + position * strides[axis], offset)];
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis] === shape[axis]; axis--) place[axis] = 0;
  }
  return { name, dtype, shape, data };
}
