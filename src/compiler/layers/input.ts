/** @file `input`: the first stage of a network, and how pixels become numbers. */

import { usualPixels } from "../../plan/plan.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { LayerType } from "../network/types.ts";
import { choice, interval, listOf, number, option, toggle } from "../words/schema.ts";
import type { TypedLayer } from "./row.ts";
import { defineLayer } from "./row.ts";

/** The settings of the first node are the whole NetworkInput, which the network also holds. */
interface InputSettings {
  readonly type: LayerType;
}

const perChannel = listOf(number({ text: "a number" }));
const perChannelPositive = listOf(number({ text: "a positive number", above: 0 }));

export const inputRow: TypedLayer<InputSettings> = defineLayer<InputSettings>({
  words: "input",
  about: "the size of the images or signals, and how their values become numbers",
  takes: "local",
  arguments: [{ name: "size", what: "the size", kinds: ["size"], example: "150x150x3" }],
  options: [
    option("range", interval, usualPixels.range, "0..1"),
    option<readonly number[] | null>("mean", perChannel, usualPixels.mean, ""),
    option<readonly number[] | null>("std", perChannelPositive, usualPixels.std, ""),
    choice("standardise", ["off", "data", "training"]),
    choice("fit", ["stretch", "cover"]),
    toggle("antialias", usualPixels.antialias),
  ],
  part: "other",
  settings: () => bug("the input has no inputs"),
  type: (_inputs, made) => made.type,
  params: () => [],
  flops: () => 0,
});
