/**
 * Ray: submits one job for each trial over the Jobs REST API. The cluster's machines need specc, and the folder of the
 * trial file under the same path.
 *
 *     specc trials plan nets.spec --data /shared/pets --trials 20 --out /shared/experiment/plan.json
 *     node ray.mjs http://head-node:8265 /shared/experiment/plan.json [GPUs of a trial: 1]
 *     specc trials collect /shared/experiment
 *
 * A job is named after its trial and has its number in SPECC_TRIAL, where `--index auto` finds it. Ray starts as many at a
 * time as there are GPUs: with 0.5, two share one. Run it again to go on: trials that are finished print their line at once.
 */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const [address, planPath, gpus = "1"] = process.argv.slice(2);
if (address === undefined || planPath === undefined) {
  console.error("usage: node ray.mjs http://HEAD:8265 PLAN [GPUS]");
  process.exit(1);
}
const path = resolve(planPath);
const { trials } = JSON.parse(readFileSync(path, "utf8"));
/** A name may be given to one job alone, so each submission has a time in its names. */
const submission = Date.now().toString(36);

let refused = 0;
for (const { index, net, seed, key } of trials) {
  const answer = await fetch(new URL("/api/jobs/", address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      entrypoint: `specc trials run '${path.replaceAll("'", `'\\''`)}' --index auto`,
      submission_id: `specc-${net ?? "net"}-${seed}-${key}-${submission}`,
      entrypoint_num_gpus: Number(gpus),
      runtime_env: { env_vars: { SPECC_TRIAL: String(index) } },
      metadata: { net: net ?? "", seed: String(seed) },
    }),
  });
  if (answer.ok) console.log(`trial ${index}: ${(await answer.json()).submission_id}`);
  else {
    refused++;
    console.error(`trial ${index}: ${answer.status} ${await answer.text()}`);
  }
}
process.exitCode = refused === 0 ? 0 : 1;
