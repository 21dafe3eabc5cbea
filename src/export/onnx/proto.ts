/** @file The messages of ONNX that specc writes, as bytes. By @bufbuild/protobuf, which is loaded when it is used. */

import type { DescMessage } from "@bufbuild/protobuf";
import { DataError } from "../../data/data-error.ts";

export interface OnnxModel {
  readonly irVersion: bigint;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: OnnxGraph;
  readonly opsetImport: readonly { readonly domain: string; readonly version: bigint }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

interface OnnxGraph {
  readonly name: string;
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

/** `type`: 2 is an integer, 7 a list of them. */
export type OnnxAttribute =
  | { readonly name: string; readonly type: 2; readonly i: bigint }
  | { readonly name: string; readonly type: 7; readonly ints: readonly bigint[] };

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly bigint[];
  /** 1 is f32, 7 is i64. */
  readonly dataType: 1 | 7;
  /** Little-endian. */
  readonly rawData: Uint8Array;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: { readonly dim: readonly OnnxDimension[] } } };
}

/** A number, or the name of one that is known at run time. */
type OnnxDimension = { readonly dimValue: bigint } | { readonly dimParam: string };

/** Each field: its number in ONNX, and its type; `*` repeats. A capital letter begins the name of a message. */
type Fields = Readonly<Record<string, readonly [number: number, type: string]>>;

const messages: Readonly<Record<string, Fields>> = {
  Model: {
    ir_version: [1, "int64"],
    producer_name: [2, "string"],
    producer_version: [3, "string"],
    graph: [7, "Graph"],
    opset_import: [8, "Opset*"],
    metadata_props: [14, "Property*"],
  },
  Opset: { domain: [1, "string"], version: [2, "int64"] },
  Property: { key: [1, "string"], value: [2, "string"] },
  Graph: { node: [1, "Node*"], name: [2, "string"], initializer: [5, "Tensor*"], input: [11, "ValueInfo*"], output: [12, "ValueInfo*"] },
  Node: { input: [1, "string*"], output: [2, "string*"], name: [3, "string"], op_type: [4, "string"], attribute: [5, "Attribute*"] },
  Attribute: { name: [1, "string"], i: [3, "int64"], ints: [8, "int64*"], type: [20, "int32"] },
  Tensor: { dims: [1, "int64*"], data_type: [2, "int32"], name: [8, "string"], raw_data: [9, "bytes"] },
  ValueInfo: { name: [1, "string"], type: [2, "Type"] },
  Type: { tensor_type: [1, "TensorType"] },
  TensorType: { elem_type: [1, "int32"], shape: [2, "Shape"] },
  Shape: { dim: [1, "Dimension*"] },
  Dimension: { dim_value: [1, "int64"], dim_param: [2, "string"] },
};

interface Codec {
  readonly write: (model: OnnxModel) => Uint8Array;
  /** For tests, and for tools that look into a file. */
  readonly read: (bytes: Uint8Array) => OnnxModel;
}

/** @throws DataError naming the package to install */
export async function loadOnnxCodec(): Promise<Codec> {
  const { protobuf, descriptors } = await loadProtobuf();
  const { FieldDescriptorProto_Label: label, FieldDescriptorProto_Type: types } = descriptors;
  const scalars: Readonly<Record<string, number>> = { int32: types.INT32, int64: types.INT64, string: types.STRING, bytes: types.BYTES };
  const file = protobuf.create(descriptors.FileDescriptorProtoSchema, {
    name: "onnx.proto",
    package: "onnx",
    syntax: "proto2",
    messageType: Object.entries(messages).map(([name, fields]) => ({
      name,
      field: Object.entries(fields).map(([field, [number, text]]) => {
        const type = text.replace("*", "");
        const scalar = scalars[type];
        return {
          name: field,
          number,
          label: text.endsWith("*") ? label.REPEATED : label.OPTIONAL,
          ...(scalar === undefined ? { type: types.MESSAGE, typeName: `.onnx.${type}` } : { type: scalar }),
        };
      }),
    })),
  });
  const schema = protobuf.createFileRegistry(file, () => undefined).getMessage("onnx.Model") as DescMessage;
  return {
    write: (model) => protobuf.toBinary(schema, protobuf.create(schema, { ...model })),
    read: (bytes) => protobuf.fromBinary(schema, bytes) as unknown as OnnxModel,
  };
}

async function loadProtobuf(): Promise<{
  readonly protobuf: typeof import("@bufbuild/protobuf");
  readonly descriptors: typeof import("@bufbuild/protobuf/wkt");
}> {
  try {
    return { protobuf: await import("@bufbuild/protobuf"), descriptors: await import("@bufbuild/protobuf/wkt") };
  } catch (cause) {
    throw new DataError("onnx needs the package `@bufbuild/protobuf`, which could not be loaded", {
      help: "install it: npm install @bufbuild/protobuf@2.17.0",
      cause,
    });
  }
}
