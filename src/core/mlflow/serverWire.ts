import * as z from "zod/mini";
import { runStatuses } from "../../shared/run";

/** MLflow's REST answers (mlflow/protos/service.proto as JSON), 2.x and 3.x: what Gamma reads of them. */

/** int64 may come as a text. */
const integer = z.pipe(
	z.union([z.number(), z.string().check(z.regex(/^-?\d+$/))]),
	z.transform((value) => Number(value)),
);

/** Protobuf's JSON has no other way to say what is not finite. */
const double = z.pipe(
	z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]),
	z.transform((value) => Number(value)),
);

const lifecycleStage = z.catch(z.enum(["active", "deleted"]), "active");
const pair = z.object({ key: z.string(), value: z._default(z.string(), "") });
const pairs = z._default(z.array(pair), []);

const metric = z.object({
	key: z.string(),
	value: z._default(double, 0),
	timestamp: z._default(integer, 0),
	step: z._default(integer, 0),
});
export type WireMetric = z.infer<typeof metric>;

const wireRun = z.object({
	info: z.object({
		run_id: z.optional(z.string()),
		run_uuid: z.optional(z.string()),
		run_name: z.optional(z.string()),
		experiment_id: z.string(),
		user_id: z.optional(z.string()),
		status: z._default(z.union([z.enum(runStatuses), z.string()]), "RUNNING"),
		start_time: z.optional(integer),
		end_time: z.optional(integer),
		artifact_uri: z.optional(z.string()),
		lifecycle_stage: z._default(lifecycleStage, "active"),
	}),
	data: z._default(z.object({ params: pairs, tags: pairs, metrics: z._default(z.array(metric), []) }), {
		params: [],
		tags: [],
		metrics: [],
	}),
});
export type WireRun = z.infer<typeof wireRun>;

const nextPage = z.optional(z.string());

export const experimentsPage = z.object({
	experiments: z._default(
		z.array(
			z.object({
				experiment_id: z.string(),
				name: z.string(),
				lifecycle_stage: z._default(lifecycleStage, "active"),
				tags: pairs,
			}),
		),
		[],
	),
	next_page_token: nextPage,
});

export const runsPage = z.object({ runs: z._default(z.array(wireRun), []), next_page_token: nextPage });

export const runAnswer = z.object({ run: wireRun });

export const historyPage = z.object({ metrics: z._default(z.array(metric), []), next_page_token: nextPage });

export const artifactsPage = z.object({
	root_uri: z._default(z.string(), ""),
	files: z._default(
		z.array(z.object({ path: z.string(), is_dir: z._default(z.boolean(), false), file_size: z.optional(integer) })),
		[],
	),
	next_page_token: nextPage,
});

export const serverError = z.object({ error_code: z.string(), message: z._default(z.string(), "") });
