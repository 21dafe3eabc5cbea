/** @file Checks a trial file and the lines of trials, which come from other machines, so that no later code needs to doubt them. */

import { demand, fieldsOf, finite, listOf, oneOf, text, whole } from "../runtime/fields.ts";

/** Beside the trial file: a run folder and a line for each trial. */
export const trialsFolder = "trials";

/** @throws FieldError naming the first place that is wrong */
export function validateTrials(json: unknown): void {
  const plan = fieldsOf(json, "");
  oneOf(plan.type, ["specc trials"], "type");
  demand(plan.version === 1, "version", `expected 1, got ${JSON.stringify(plan.version)}`);
  const program = fieldsOf(plan.program, "program");
  for (const key of ["name", "text"]) text(program[key], `program.${key}`);
  for (const [name, values] of Object.entries(fieldsOf(plan.options, "options"))) texts(values, `options.${name}`);
  const places = fieldsOf(plan.places, "places");
  for (const key of ["data", "device"]) text(places[key], `places.${key}`);
  for (const key of ["val", "cache"]) orNull(text, places[key], `places.${key}`);
  const [keys, folders] = [new Set<string>(), new Set<string>()];
  listOf(plan.trials, "trials").forEach((item, i) => {
    const place = `trials[${i}]`;
    const trial = fieldsOf(item, place);
    demand(trial.index === i, `${place}.index`, `expected ${i}, got ${JSON.stringify(trial.index)}`);
    orNull(text, trial.input, `${place}.input`);
    const { key, folder } = identity(trial, place);
    demand(!keys.has(key) && !folders.has(folder), place, "has the key or the folder of a trial before it");
    keys.add(key);
    folders.add(folder);
  });
}

type Fields = ReturnType<typeof fieldsOf>;

/** What a line has besides, by its status. */
const statusFields = {
  started(line: Fields) {
    const process = fieldsOf(line.process, "process");
    text(process.host, "process.host");
    whole(process.id, "process.id", 1);
  },
  failed: (line: Fields) => void text(line.reason, "reason"),
  done(line: Fields) {
    share(line.accuracy, "accuracy");
    for (const key of ["loss", "seconds"]) finite(line[key], key);
    for (const key of ["input", "adapter", "data", "specc"]) text(line[key], key);
    for (const key of ["count", "jobs"]) whole(line[key], key, 1);
    oneOf(line.measuredOn, ["test", "validation"], "measuredOn");
    whole(line.epochs, "epochs");
    orNull(whole, line.memory, "memory");
    const best = fieldsOf(line.best, "best");
    whole(best.epoch, "best.epoch", 1);
    orNull(finite, best.valLoss, "best.valLoss");
    orNull(share, best.valAccuracy, "best.valAccuracy");
    texts(line.classes, "classes");
    for (const [name, value] of Object.entries(fieldsOf(line.train, "train"))) text(value, `train.${name}`);
    const images = fieldsOf(line.images, "images");
    for (const key of ["training", "validation"]) whole(images[key], `images.${key}`);
    const parameters = fieldsOf(line.parameters, "parameters");
    for (const key of ["filters", "heads", "other", "total"]) whole(parameters[key], `parameters.${key}`);
  },
};

/** @throws FieldError naming the first place that is wrong */
export function validateLine(json: unknown): void {
  const line = fieldsOf(json, "");
  oneOf(line.type, ["trial"], "type");
  demand(line.version === 1, "version", `expected 1, got ${JSON.stringify(line.version)}`);
  whole(line.index, "index");
  identity(line, "");
  oneOf(line.status, Object.keys(statusFields), "status");
  statusFields[line.status as keyof typeof statusFields](line);
}

/** Which trial it is, and where. */
function identity(fields: Fields, place: string): { readonly key: string; readonly folder: string } {
  const at = (name: string): string => (place === "" ? name : `${place}.${name}`);
  orNull(text, fields.net, at("net"));
  whole(fields.seed, at("seed"));
  return { key: text(fields.key, at("key")), folder: folderBelow(fields.folder, at("folder")) };
}

/** A name in `trials/` and nothing else: what is written there must not leave the folder of the experiment. */
function folderBelow(value: unknown, place: string): string {
  const folder = text(value, place);
  const [parent, name, ...more] = folder.split("/");
  const plain = parent === trialsFolder && name !== undefined && more.length === 0 && /^[^.\\:\p{Cc}][^\\:\p{Cc}]*$/u.test(name);
  // NAME.json is the line of NAME.
  demand(plain && !name.endsWith(".json"), place, `expected ${trialsFolder}/NAME, got ${JSON.stringify(folder)}`);
  return folder;
}

function share(value: unknown, place: string): void {
  const number = finite(value, place);
  demand(number >= 0 && number <= 1, place, `expected a number from 0 to 1, got ${number}`);
}

function texts(value: unknown, place: string): void {
  listOf(value, place).forEach((item, i) => text(item, `${place}[${i}]`));
}

function orNull(check: (value: unknown, place: string) => unknown, value: unknown, place: string): void {
  if (value !== null) check(value, place);
}
