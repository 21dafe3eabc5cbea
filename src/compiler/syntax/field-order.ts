/** @file The order in which the formatter puts fields and options: that of the language reference. */

/** One order for all records: no two words that share a record stand the other way round in it. */
const order: readonly string[] = [
  // input
  "range",
  "mean",
  "std",
  "standardise",
  "fit",
  "antialias",
  // layers
  "stride",
  "channels",
  "parts",
  "coords",
  "boundary",
  "size",
  "weights",
  "init",
  "bias",
  "slope",
  "start",
  "norm",
  "project",
  // train
  "loss",
  "optimizer",
  "schedule",
  "epochs",
  "batch",
  "seed",
  "sizes",
  "split",
  // losses, optimizers, schedules, augmentations
  "targets",
  "lr",
  "momentum",
  "nesterov",
  "beta1",
  "beta2",
  "eps",
  "form",
  "decay",
  "clip",
  "warmup",
  "floor",
  "at",
  "by",
  "border",
];

const rank: ReadonlyMap<string, number> = new Map(order.map((name, index) => [name, index]));

/** For a sort: known fields in their order, then unknown ones as they stand, then those of other tools (`x_`). */
export function fieldRank(name: string): number {
  if (name.startsWith("x_")) return order.length + 1;
  return rank.get(name) ?? order.length;
}
