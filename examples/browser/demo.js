/** @file The page: a photograph in, its class out; the filters; training on the visitor's images. Needs model.js beside it. */

const element = (id) => document.getElementById(id);
const status = element("status");

function fail(place, error) {
  place.textContent = error.message;
  place.classList.add("failed");
}

/** A new element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

async function open() {
  const { load } = await import("./model.js").catch(() => {
    throw new Error(
      "There is no model.js beside this page. Make one: npx specc compile RUN --out examples/browser/model.js --train --filters",
    );
  });
  return load({ onProgress: (done, total) => (status.textContent = `Compiling kernels: ${done} of ${total}`) });
}

/** Adds the class, the scores and the time to the page. */
async function classify(model, file) {
  const answer = element("answer");
  answer.classList.remove("failed");
  const preview = element("preview");
  URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(file);
  preview.alt = file.name;
  preview.hidden = false;
  try {
    const started = performance.now();
    const { label, index, scores, probabilities } = await model.predict(file);
    const milliseconds = performance.now() - started;
    const percent = (score) => `${(100 * score).toFixed(1)} %`;
    answer.textContent = `${label}: ${percent(scores[index])}, in ${milliseconds.toFixed(0)} ms`;
    const [caption] = element("scores").getElementsByTagName("caption");
    caption.textContent = probabilities === null ? "Scores, which are no probabilities" : "Probabilities";
    const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
    element("scores").tBodies[0].replaceChildren(
      ...order
        .slice(0, 10)
        .map((i) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, model.classes?.[i] ?? String(i)),
            make("td", {}, make("meter", { value: scores[i], ariaHidden: "true" })),
            make("td", {}, percent(scores[i])),
          ),
        ),
    );
    element("scores").hidden = false;
  } catch (error) {
    fail(answer, error);
  }
}

/** Light of a part at its full strength: positive, negative. */
const realLight = [
  [40, 100, 255],
  [190, 160, 0],
];
const imaginaryLight = [
  [255, 40, 40],
  [0, 180, 120],
];

function drawPlane({ layer, rows, columns, values }, number) {
  const canvas = make("canvas", { width: columns, height: rows });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `filter ${number + 1} of ${layer}`);
  const plane = values.subarray(number * rows * columns * 2, (number + 1) * rows * columns * 2);
  const scale = plane.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let y = 0; y < rows; y++) {
    // The top row is the largest positive frequency; the plane begins at 0 and ends with the row before it.
    const row = (Math.ceil(rows / 2) - 1 - y + rows) % rows;
    for (let x = 0; x < columns; x++) {
      const [real, imaginary] = plane.subarray((row * columns + x) * 2);
      const [fromReal, fromImaginary] = [realLight[Number(real < 0)], imaginaryLight[Number(imaginary < 0)]];
      const colour = [0, 1, 2].map((c) => (Math.abs(real) * fromReal[c] + Math.abs(imaginary) * fromImaginary[c]) / scale);
      image.data.set([...colour, 255], (y * columns + x) * 4);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const mostFilters = 32;

async function drawFilters(model) {
  const layers = await model.filters();
  element("planes").replaceChildren(
    ...layers.flatMap((layer) => [
      make("h3", {}, `${layer.layer}: ${layer.count} filters`),
      make("div", {}, ...Array.from({ length: Math.min(layer.count, mostFilters) }, (_, number) => drawPlane(layer, number))),
    ]),
  );
}

function drawCurve(losses) {
  const curve = element("curve");
  const largest = Math.max(...losses);
  const x = (i) => (600 * i) / Math.max(1, losses.length - 1);
  curve
    .querySelector("polyline")
    .setAttribute("points", losses.map((loss, i) => `${x(i)},${195 - (170 * loss) / (largest || 1)}`).join(" "));
  curve.querySelector("text").textContent = `loss ${losses.at(-1).toFixed(4)}, at most ${largest.toFixed(4)}`;
  curve.setAttribute("aria-label", `Loss of each step: from ${losses[0].toFixed(4)} to ${losses.at(-1).toFixed(4)} after ${losses.length}`);
  curve.hidden = false;
}

/** The images that the visitor chose, in batches that mix the classes. */
function batchesOf(model) {
  const inputs = [...element("examples").querySelectorAll("input")];
  const most = Math.max(...inputs.map(({ files }) => files.length));
  // One of each class in turn.
  const items = Array.from({ length: most }, (_, i) =>
    inputs.flatMap(({ files, name }) => (files[i] === undefined ? [] : [{ file: files[i], label: Number(name) }])),
  ).flat();
  if (new Set(items.map(({ label }) => label)).size < 2) throw new Error("Choose images of at least two classes.");
  const batches = [];
  for (let first = 0; first < items.length; first += model.batch) {
    const part = items.slice(first, first + model.batch);
    batches.push({ images: part.map(({ file }) => file), labels: part.map(({ label }) => label) });
  }
  return batches;
}

async function train(model) {
  const [progress, start, stop] = [element("progress"), element("start"), element("stop")];
  progress.classList.remove("failed");
  const controller = new AbortController();
  const halt = () => controller.abort();
  stop.addEventListener("click", halt);
  [start.disabled, stop.disabled] = [true, false];
  const losses = [];
  try {
    const epochs = element("epochs").valueAsNumber;
    for await (const { epoch, loss, accuracy } of model.train(batchesOf(model), {
      epochs,
      lr: element("rate").valueAsNumber,
      signal: controller.signal,
    })) {
      losses.push(loss);
      drawCurve(losses);
      progress.textContent = `Epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}, ${(100 * accuracy).toFixed(0)} % right`;
    }
    progress.textContent = `Done. ${progress.textContent}`;
  } catch (error) {
    if (controller.signal.aborted) progress.textContent = "Stopped; the steps so far are kept.";
    else fail(progress, error);
  } finally {
    stop.removeEventListener("click", halt);
    [start.disabled, stop.disabled] = [false, true];
    await refresh(model);
  }
}

/** What changed with the weights. */
async function refresh(model) {
  await drawFilters(model);
  const [file] = element("photograph").files;
  if (file !== undefined) await classify(model, file);
}

async function saveWeights(model) {
  const url = URL.createObjectURL(new Blob([await model.save()]));
  make("a", { href: url, download: "model.safetensors" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function listen(model) {
  const [drop, photograph] = [element("drop"), element("photograph")];
  photograph.addEventListener("change", () => photograph.files.length > 0 && classify(model, photograph.files[0]));
  for (const type of ["dragenter", "dragover"])
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    photograph.files = event.dataTransfer.files;
    photograph.dispatchEvent(new Event("change"));
  });
  element("training").addEventListener("submit", (event) => {
    event.preventDefault();
    void train(model);
  });
  element("save").addEventListener("click", () => saveWeights(model).catch((error) => fail(element("progress"), error)));
}

try {
  const model = await open();
  status.textContent = `Ready, on ${model.adapterName}.`;
  model.lost.then(({ message }) => fail(status, new Error(`${message}\nReload the page to go on.`)));
  document.querySelector("main").hidden = false;
  const names = model.classes ?? [];
  element("examples").append(
    ...names.map((name, label) =>
      make("label", {}, make("span", {}, name), make("input", { type: "file", accept: "image/*", multiple: true, name: String(label) })),
    ),
  );
  listen(model);
  // A module without --train or --filters serves a smaller page.
  if (model.train === undefined) element("training").closest("section").hidden = true;
  await drawFilters(model).catch(() => (element("planes").closest("section").hidden = true));
} catch (error) {
  fail(status, error);
}
