import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { openStore } from "../../../src/adapters/library/openStore";
import type { TrackingStore } from "../../../src/core/stores/trackingStore";
import { GammaError } from "../../../src/shared/errors";

const python = process.env.GAMMA_PYTHON ?? "";

/** Filters that MLflow takes or refuses; `<3>` is the id of the fourth run of the script. */
const filters = String.raw`
metrics.acc > 0.3
metrics.acc >= 0.5
metrics.acc < 0.5
metrics.acc <= -1e3
metrics.acc = 0.5
metrics.acc != 0.5
metrics.acc != 0
metrics.acc > 1e308
metrics.acc < 1e999
metrics.acc = 0
metric.acc > .2
metrics."acc" > 1.
metrics.${"`val/acc`"} > 0.05
metrics.val/acc > 0.05
metrics.f1-score > 0
metrics.${"`f1-score`"} > 0
metrics.précision > 0
metrics._x > 0
metrics.1a > 0
metrics.12a > 0
metrics.in > 0
metrics.${"`in`"} > 0
metrics.loss > -1.5 and metrics.loss < 3
metrics.loss > -1.5 metrics.acc > 0
AND metrics.loss > 0 AND
metrics.loss > 0 AND AND metrics.acc > 0
metrics.loss > 0 OR metrics.acc > 0
metrics.loss > 1e+3
metrics.loss > +1
metrics.loss > - 1
metrics.loss > 1_000
metrics.loss > nan
metrics.loss > 'a'
metrics.loss > "1"
metrics.loss == 2
metrics.loss <> 2
metrics.loss IS NULL
metrics.loss LIKE '2'
metrics.loss BETWEEN 1 AND 3
metrics.loss
metrics.loss >
> 3
(metrics.loss > 1)
NOT metrics.loss > 1
metrics.loss > 1; metrics.acc > 0
metrics.loss > 1;
metrics.loss > 1 -- more
1 < metrics.loss
METRICS.loss > 1
params.lr = '0.1'
params.lr = "0.1"
params.lr != '0.1'
params.lr = 0.1
params.lr = abc
params.lr > '0.1'
params.lr LIKE '0%'
params.lr like '%1'
params.lr NOT LIKE '0%'
params.optimizer = 'adam'
params.optimizer LIKE 'adam'
params.optimizer LIKE 'A%'
params.optimizer ILIKE 'ADAM'
params.optimizer ILIKE 'a_a_'
params.optimizer = "it's"
params.optimizer = 'it''s'
params.optimizer = 'it\'s'
params.optimizer IN ('adam')
params.optimizer RLIKE 'a.*'
params.optimizer IS NULL
params.optimizer IS NOT NULL
params.optimizer is null and metrics.loss > 0
params.optimizer IS NOT
params.model.depth = '18'
params.${"`data/augment`"} = 'True'
params."data/augment" LIKE 'T%'
param.lr = '10'
parameter.lr = '9'
parameters.lr = '9'
params.データ = '検証'
params.${"`データ`"} LIKE '_証'
params.in = 'x'
params.${"`in`"} = 'x'
params.seed = ''
params.seed LIKE '%'
params.lr = 'a
params.lr = '0.1' , params.optimizer = 'adam'
params.lr = '0.1'AND params.optimizer='adam'
params.missing != 'x'
tags.team = 'vision'
tags.team != 'vision'
tags.team LIKE 'vision_'
tags.team ILIKE 'VISION'
tag.team LIKE '%sion%'
tags.${"`a b`"} = 'c'
tags."a b" = 'c'
tags.'a b' = 'c'
tags.a b = 'c'
tags.mlflow.note.content LIKE '# %'
tags.${"`mlflow.note.content`"} IS NOT NULL
tags.note LIKE 'two%'
tags.note LIKE '%lines'
tags.note LIKE 'two_lines'
tags.note LIKE 'end'
tags.note LIKE 'end_'
tags.note LIKE '%"hi"'
tags.note LIKE 'a\b'
tags.x = '😀'
tags.x LIKE '_'
tags.missing IS NULL
tags.team IS NULL AND tags.note IS NOT NULL
status = 'FINISHED'
status != "FINISHED"
attributes.status LIKE 'F%'
attribute.status ILIKE 'f%'
attr.status = 'failed'
run.status = 'FAILED'
status > 'F'
status IN ('FAILED')
status IS NULL
attributes.STATUS = 'FAILED'
ATTRIBUTES.status = 'FAILED'
run_name = 'alpha'
attributes.run_name LIKE '%a'
run_name LIKE 'beta_1'
run_name LIKE 'gamma%'
run_name ILIKE 'école'
run_name ILIKE 'ALPHA'
run_name != 'alpha'
attributes."Run name" = 'alpha'
${"`run name`"} = 'alpha'
attributes.${"`Run Name`"} LIKE 'a%'
Run name = 'alpha'
run_id = '<0>'
run_id IN ('<0>', "<3>")
attributes.run_id NOT IN ('<0>','<3>',)
run_id IN ()
run_id IN (1)
run_id IN '<0>'
run_id LIKE '<2>'
user_id != 'nobody'
artifact_uri LIKE '%<1>%'
start_time > 1000
start_time >= 1000 AND start_time < 3000
attributes.start_time = 500
attributes.start_time > 999.5
start_time > '1000'
created > 2000
attributes.Created <= 500
end_time > 2000
end_time != 0
attributes.end_time LIKE '1'
attributes.experiment_id = '1'
attributes.lifecycle_stage = 'active'
foo = 'x'
foo.bar = 'x'
timestamp > 1
metrics.acc > 0 AND params.lr = '0.1' AND tags.team = 'vision' AND status = 'FINISHED'
datasets.foo = 'x'
datasets.name > 'x'
datasets.name IS NULL
datasets.name = 'Data0'
dataset.name LIKE 'data%'
dataset.name ILIKE 'data%'
dataset.name != 'Data0'
dataset.digest IN ('d0', 'd1')
dataset.digest NOT IN ('d0')
dataset.context = 'training'
dataset.context != 'x'
${"   "}`
	.split("\n")
	.slice(1);

const orders: readonly (readonly string[])[] = [
	["metrics.acc"],
	["metrics.acc ASC"],
	["metrics.acc DESC"],
	["metrics.`val/acc` DESC", "metrics.acc"],
	['metrics."acc" desc'],
	["metrics.loss", "params.lr DESC"],
	["metrics.missing DESC"],
	["params.lr"],
	["params.lr DESC"],
	["params.`data/augment`"],
	["tags.team DESC", "start_time ASC"],
	["tags.x"],
	["tags.x DESC"],
	["tags.`a b` desc"],
	["start_time"],
	["attributes.start_time DESC"],
	["Created"],
	["created DESC"],
	["end_time"],
	["end_time DESC"],
	["status", "run_name"],
	["run_name"],
	["attributes.run_name DESC"],
	["run_id DESC"],
	["user_id"],
	["attributes.artifact_uri DESC"],
	["metrics.acc", "metrics.acc DESC"],
	["metrics.acc DESC, params.lr"],
	["metrics.val/acc"],
	["metrics.acc FOO"],
	["metrics.acc desc nulls last"],
	[" metrics.acc"],
	["metrics.acc "],
	["metrics.in"],
	["Run name"],
	["`Run name`"],
	["experiment_id"],
	["datasets.name"],
	["foo"],
	["METRICS.acc"],
	[""],
	["1"],
];

const answersSchema = z.object({
	searches: z.array(z.object({ filter: z.string(), order_by: z.array(z.string()) })),
	answers: z.array(z.union([z.object({ ids: z.array(z.string()) }), z.object({ error: z.string() })])),
});

describe.skipIf(python === "").each(["file", "sqlite"] as const)(
	"every search over a fresh MLflow %s store (skipped without GAMMA_PYTHON)",
	(kind) => {
		const folder = mkdtempSync(join(tmpdir(), "gamma-searches-"));
		const path = join(folder, kind === "file" ? "mlruns" : "mlflow.db");
		let expected: z.infer<typeof answersSchema>;
		let store: TrackingStore;

		beforeAll(async () => {
			const searches = [
				...filters.map((filter) => ({ filter, order_by: [] })),
				...orders.map((order_by) => ({ filter: "", order_by })),
			];
			const script = join(import.meta.dirname, "../../support/python/mlflowSearches.py");
			const { stdout, stderr, status } = spawnSync(python, [script], {
				input: JSON.stringify({ uri: kind === "file" ? path : `sqlite:///${path}`, searches }),
				encoding: "utf8",
				maxBuffer: 1 << 26,
				cwd: folder,
				env: { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_DISABLE_TELEMETRY: "true" },
			});
			if (status !== 0) throw new Error(stderr);
			expected = answersSchema.parse(JSON.parse(stdout));
			store = await openStore({ uri: path });
		});
		afterAll(() => {
			store?.dispose();
			rmSync(folder, { recursive: true, force: true });
		});

		test("finds MLflow's runs in MLflow's order, and is refused where MLflow refuses it", async () => {
			const wrong: unknown[] = [];
			for (const [i, { filter, order_by }] of expected.searches.entries()) {
				const theirs = expected.answers[i]!;
				const ours = await store.search({ filter, orderBy: order_by, view: "active" }).then(
					(runs) => runs.map((run) => run.id),
					(error: unknown) => error,
				);
				const isRefusal = GammaError.is(ours, "search.syntax");
				const isRight = "ids" in theirs ? JSON.stringify(ours) === JSON.stringify(theirs.ids) : isRefusal;
				if (!isRight) wrong.push({ filter, order_by, theirs, ours });
			}
			expect(wrong).toEqual([]);
			expect(expected.answers.filter((answer) => "ids" in answer).length).toBeGreaterThan(100);
			expect(expected.answers.filter((answer) => "error" in answer).length).toBeGreaterThan(60);
		});
	},
);
