/** @file Checks what a Plan says of training. Bundles that only predict leave this file out. */

import type { AugmentStage } from "../plan/plan.ts";
import { fieldsOf, finite, listOf, oneOf, whole } from "./fields.ts";

/** @throws FieldError naming the first field that is wrong */
export function checkTraining(value: unknown): void {
  const training = fieldsOf(value, "training");
  finite(training.lr, "training.lr");
  whole(training.epochs, "training.epochs");
  whole(training.batch, "training.batch", 1);
  whole(training.seed, "training.seed");
  listOf(training.scalars, "training.scalars").forEach((item, i) => {
    const scalar = fieldsOf(item, `training.scalars[${i}]`);
    oneOf(scalar.kind, ["lr", "correction"], `training.scalars[${i}].kind`);
    if (scalar.kind === "correction") finite(scalar.base, `training.scalars[${i}].base`);
  });
  const schedule = fieldsOf(training.schedule, "training.schedule");
  oneOf(schedule.kind, ["constant", "cosine", "step"], "training.schedule.kind");
  const numbers = { cosine: ["warmup", "floor"], step: ["by"], constant: [] }[schedule.kind as "cosine" | "step" | "constant"];
  for (const key of numbers) finite(schedule[key], `training.schedule.${key}`);
  if (schedule.kind === "step")
    listOf(schedule.at, "training.schedule.at").forEach((epoch, i) => finite(epoch, `training.schedule.at[${i}]`));
  if (training.augment !== undefined) checkAugment(training.augment, "training.augment");
}

const stageNumbers: Readonly<Record<AugmentStage["kind"], readonly string[]>> = {
  shift: ["most"],
  rotate: ["mostTurns"],
  zoom: ["low", "high"],
  crop: ["low", "high"],
  brightness: ["low", "high"],
  contrast: ["low", "high"],
  flip: [],
  noise: ["deviation"],
};

function checkAugment(value: unknown, place: string): void {
  const augment = fieldsOf(value, place);
  oneOf(augment.border, ["nearest", "zero", "wrap"], `${place}.border`);
  listOf(augment.stages, `${place}.stages`).forEach((item, i) => {
    const at = `${place}.stages[${i}]`;
    const stage = fieldsOf(item, at);
    oneOf(stage.kind, Object.keys(stageNumbers), `${at}.kind`);
    for (const key of stageNumbers[stage.kind as AugmentStage["kind"]]) finite(stage[key], `${at}.${key}`);
  });
}
