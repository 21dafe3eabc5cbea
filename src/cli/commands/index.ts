/** @file The list of commands. Each is loaded when it is called, so that `specc --help` is quick. */

import type { CommandRow } from "../shell/command.ts";

export const commands: readonly CommandRow[] = [
  { name: "train", about: "train a network on images", load: async () => (await import("./train/train.ts")).trainCommand },
  {
    name: "trials",
    about: "train several networks several times, and keep their accuracies",
    load: async () => (await import("./trials/trials.ts")).trialsCommand,
  },
  {
    name: "trials plan",
    about: "write a trial file, for clusters",
    load: async () => (await import("./trials/plan.ts")).trialsPlanCommand,
  },
  { name: "trials run", about: "do one trial of a trial file", load: async () => (await import("./trials/run.ts")).trialsRunCommand },
  {
    name: "trials collect",
    about: "gather the results of trials; say what is missing",
    load: async () => (await import("./trials/collect.ts")).trialsCollectCommand,
  },
  {
    name: "report",
    about: "make a report of trials: tables, curves, tests",
    load: async () => (await import("./report/report.ts")).reportCommand,
  },
  { name: "eval", about: "measure a trained network on other images", load: async () => (await import("./eval.ts")).evalCommand },
  { name: "predict", about: "name the class of images", load: async () => (await import("./predict.ts")).predictCommand },
  { name: "check", about: "find mistakes; show layers, shapes and costs", load: async () => (await import("./check.ts")).checkCommand },
  { name: "bench", about: "time training step and inference of a network", load: async () => (await import("./bench.ts")).benchCommand },
  { name: "show", about: "draw what a network sees and has learned", load: async () => (await import("./show/show.ts")).showCommand },
  { name: "fmt", about: "format programs", load: async () => (await import("./fmt.ts")).fmtCommand },
  { name: "init", about: "write fresh parameters to a file", load: async () => (await import("./init.ts")).initCommand },
  { name: "import", about: "take weights from PyTorch or Keras", load: async () => (await import("./import.ts")).importCommand },
  { name: "grad", about: "one forward and backward pass from files to a file", load: async () => (await import("./grad.ts")).gradCommand },
  {
    name: "compile",
    about: "write a network as a JavaScript module; show plan, shaders or graph",
    load: async () => (await import("./compile/compile.ts")).compileCommand,
  },
  {
    name: "export",
    about: "write a network and its weights for other tools",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "doctor",
    about: "look at this machine: adapters, drivers, versions",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "explain",
    about: "explain the code of a message, such as S0304",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
];
