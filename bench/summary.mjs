/** @file From the reports of all runs to tables: only checked times, ratios within a round, the issue's targets. */

/** Largest error against the reference with which a time counts: of outputs or losses to the largest value, of gradients in the norm. */
const tolerated = { value: 1e-3, gradient: 1e-2 };

/** Measured rows with `key`, `system`, `round` and `wrong`: why the time does not count. */
export function rowsOf(runs) {
  return runs.flatMap(({ system, round, rows }) => rows.map((row) => ({ ...row, system, round, key: keyOf(row), wrong: whyWrong(row) })));
}

/** `W2-shared-gauss train step`: the model once, and without the variant that peers name in parentheses. */
function keyOf({ case: id, row }) {
  const text = row.replace(/ \([^)]*\)$/, "");
  const [model, ...rest] = text.split(" ");
  return id.endsWith(model) || /^(paper|sweep)-/.test(id) ? `${id} ${rest.join(" ")}` : `${id} ${text}`;
}

function whyWrong({ error, ms, check = {} }) {
  if (error !== undefined) return error.split("\n")[0].slice(0, 120);
  if (ms === undefined) return "no time";
  const { out, losses, grad } = check;
  const value = out ?? losses;
  if (value === undefined || value === null) return "unchecked: there is no reference";
  if (value.error !== undefined) return value.error;
  if (value.notANumber > 0 || !(value.relToMax <= tolerated.value)) return `wrong result: error ${exponent(value.relToMax)}`;
  if (grad !== undefined && grad !== null && !(grad.relL2 <= tolerated.gradient))
    return `wrong gradient of ${grad.name}: error ${exponent(grad.relL2)}`;
  return undefined;
}

const exponent = (value) => Number(value).toExponential(1);

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** What one system needed for one row, the faster of its variants in each round; undefined where no result is right. */
export function timesOf(rows, system, key) {
  const own = rows.filter((row) => row.system === system && row.key === key && row.wrong === undefined);
  const best = [...new Set(own.map(({ round }) => round))].map((round) =>
    own.filter((row) => row.round === round).reduce((a, b) => (b.ms < a.ms ? b : a)),
  );
  return best.length === 0 ? undefined : best;
}

/** Median over the rounds of (time of `a`) / (time of `b`), each `[system, key]`: the load of the machine cancels. */
export function ratio(rows, a, b) {
  const [over, under] = [timesOf(rows, ...a), timesOf(rows, ...b)];
  const ratios = (over ?? []).flatMap((row) => (under ?? []).filter(({ round }) => round === row.round).map((other) => row.ms / other.ms));
  return ratios.length === 0 ? undefined : median(ratios);
}

/** Why a system has no time for a row that it tried; undefined where it did not. */
function whyMissing(runs, rows, system, key) {
  return (
    rows.find((row) => row.system === system && row.key === key)?.wrong ??
    runs.find((run) => run.system === system && key.startsWith(`${run.case} `))?.failed
  );
}

export function timeTable(runs, rows) {
  const systems = [...new Set(runs.map(({ system }) => system))];
  const lines = [
    "| work | system | median ms | min-max | first ms | dispatches / submits | system / specc | error |",
    "|---|---|---:|---|---:|---|---:|---|",
  ];
  for (const key of new Set(rows.map((row) => row.key))) {
    for (const system of systems) {
      const own = timesOf(rows, system, key);
      if (own === undefined) {
        const why = whyMissing(runs, rows, system, key);
        if (why !== undefined) lines.push(`| ${key} | ${system} | ${why.replaceAll("|", "/")} | | | | | |`);
        continue;
      }
      const { perRun, check } = own.at(-1);
      const beside = ratio(rows, [system, key], ["specc", key]);
      const cells = [
        median(own.map(({ ms }) => ms)).toFixed(1),
        `${Math.min(...own.map(({ min }) => min)).toFixed(1)}-${Math.max(...own.map(({ max }) => max)).toFixed(1)}`,
        median(own.map(({ firstMs }) => firstMs)).toFixed(0),
        perRun === undefined ? "" : `${perRun.dispatches} / ${perRun.submits}`,
        beside === undefined ? "" : beside.toFixed(2),
        exponent((check.out ?? check.losses).relToMax),
      ];
      lines.push(`| ${key} | ${system} | ${cells.join(" | ")} |`);
    }
  }
  return lines.join("\n");
}

/** How much slower each row is without each pass. */
export function ablation(rows) {
  return [...new Set(rows.map((row) => row.key))].flatMap((key) =>
    [...new Set(rows.map((row) => row.system))]
      .filter((system) => system.startsWith("specc without "))
      .flatMap((system) => {
        const factor = ratio(rows, [system, key], ["specc", key]);
        const own = timesOf(rows, system, key);
        return factor === undefined
          ? []
          : [{ key, pass: system.replace("specc without ", ""), factor, dispatches: own.at(-1).perRun.dispatches }];
      }),
  );
}

export function ablationTable(rows) {
  const lines = ablation(rows).map(({ key, pass, factor, dispatches }) => `| ${key} | ${pass} | ${factor.toFixed(2)} | ${dispatches} |`);
  return lines.length === 0
    ? ""
    : ["| work | left out | time without / with | dispatches without |", "|---|---|---:|---:|", ...lines].join("\n");
}

/** Training time against pixels: the points of each round's sweep and the slope of log time over log pixels. */
export function sweep(rows) {
  const own = rows.filter((row) => row.system === "specc" && row.wrong === undefined && /^sweep-\d+ train step$/.test(row.key));
  const points = own.map((row) => ({ size: Number(/\d+/.exec(row.key)[0]), ms: row.min })).sort((a, b) => a.size - b.size);
  if (new Set(points.map(({ size }) => size)).size < 3) return undefined;
  const at = points.map(({ size, ms }) => [Math.log(size * size), Math.log(ms)]);
  const mean = (axis) => at.reduce((sum, point) => sum + point[axis], 0) / at.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = at.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / at.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return { points, exponent: slope, factor: Math.exp(y - slope * x) };
}

const [gauss, raw, fullGauss, fullRaw, spatial] = [
  "W2-shared-gauss",
  "W2-shared-pratt",
  "W2-full-gauss",
  "W2-full-pratt",
  "W1-spatial",
].map((id) => `${id} train step`);

/** How many times slower a peer is at the same work; knows whom it asks, so that a missing answer can be explained. */
function against(system, key) {
  return Object.assign((rows) => ratio(rows, [system, key], ["specc", key]), {
    asks: [
      ["specc", key],
      [system, key],
    ],
  });
}

/** Each target: how many times slower the peer is, or another figure; `least` or `most` that is wanted of it, or neither: it is stated. */
const targets = [
  ["shared Gaussian step against jax-js", against("jaxjs-webgpu", gauss), { least: 30 }],
  ["shared Gaussian step against TensorFlow.js WASM", against("tfjs-wasm", gauss), { least: 15 }],
  ["shared Gaussian step against PyTorch, 1 thread", against("torch-cpu-1t", gauss), { least: 1 }],
  ["shared Gaussian step, dispatches", (rows) => timesOf(rows, "specc", gauss)?.at(-1).perRun.dispatches, { most: 20 }],
  ["shared Gaussian step, submits", (rows) => timesOf(rows, "specc", gauss)?.at(-1).perRun.submits, { most: 1 }],
  ["full Gaussian step against jax-js", against("jaxjs-webgpu", fullGauss), { least: 10 }],
  ["full Gaussian step against PyTorch, 1 thread", against("torch-cpu-1t", fullGauss), { least: 0.5 }],
  ["shared raw step against jax-js", against("jaxjs-webgpu", raw), { least: 15 }],
  ["shared raw step against PyTorch, 1 thread", against("torch-cpu-1t", raw), { least: 1 }],
  ["full raw step against jax-js", against("jaxjs-webgpu", fullRaw), { least: 10 }],
  ["spatial step against jax-js", against("jaxjs-webgpu", spatial), { least: 5 }],
  ["spatial step against TensorFlow.js WebGPU", against("tfjs-webgpu", spatial), { least: 5 }],
  ...[150, 256].map((size) => [
    `rfft2 48x${size}x${size} against jax-js`,
    against("jaxjs-webgpu", `W4-ops rfft2 48x${size}x${size}`),
    { least: 10 },
  ]),
  ["inference 150x150, batch 1, against jax-js", against("jaxjs-webgpu", "W3-150 shared-gauss forward"), { least: 20 }],
  ["inference 150x150, batch 1, against ONNX Runtime Web", against("ort-web-wasm", "W3-150 shared-gauss forward"), { least: 1 }],
  ["inference 150x150, batch 1, against ONNX Runtime native", against("ort-node-cpu", "W3-150 shared-gauss forward"), {}],
  ...[6, 32].map((filters) => [
    `the paper's network, ${filters} filters, step against PyTorch, 1 thread`,
    against("torch-cpu-1t", `paper-${filters} train step`),
    {},
  ]),
  ["exponent of time against pixels", (rows) => sweep(rows)?.exponent, { most: 1.15 }],
  ["shared Gaussian layers / raw ones, step", (rows) => ratio(rows, ["specc", gauss], ["specc", raw]), { most: 1.1 }],
  ["full Gaussian layers / raw ones, step", (rows) => ratio(rows, ["specc", fullGauss], ["specc", fullRaw]), { most: 1.1 }],
];

/** Those targets whose rows were measured, or tried in vain. */
export function targetTable(runs, rows) {
  const lines = targets.flatMap(([name, measure, { least, most }]) => {
    const value = measure(rows);
    if (value === undefined) {
      const why = measure.asks?.map(([system, key]) => whyMissing(runs, rows, system, key)).find((reason) => reason !== undefined);
      return why === undefined
        ? []
        : [`| ${name} | ${least === undefined ? "stated" : `>= ${least}`} | | not measured: ${why.replaceAll("|", "/")} |`];
    }
    const [wanted, met] =
      least !== undefined ? [`>= ${least}`, value >= least] : most !== undefined ? [`<= ${most}`, value <= most] : ["stated", undefined];
    return [`| ${name} | ${wanted} | ${Number(value.toFixed(2))} | ${met === undefined ? "" : met ? "met" : "missed"} |`];
  });
  return lines.length === 0 ? "" : ["| target | wanted | measured | |", "|---|---|---:|---|", ...lines].join("\n");
}
