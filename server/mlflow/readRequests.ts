import * as z from "zod/mini";
import { parseArtifactPath } from "../../src/core/artifactPath";
import { Problem } from "../problem";

/** What a person must be able to see before a request goes on to MLflow. */
export type Scope =
	| { readonly of: "nothing" }
	| { readonly of: "run"; readonly runId: string }
	| { readonly of: "experiments"; readonly ids: readonly string[] }
	| { readonly of: "experimentName"; readonly name: string }
	/** The answer lists experiments: those that may be seen stay in it. */
	| { readonly of: "answer" };

/** A request to MLflow, made anew of what was understood of the one that came. */
export interface ReadRequest {
	readonly scope: Scope;
	readonly path: string;
	readonly query?: Readonly<Record<string, string | undefined>>;
	/** Asked with POST; MLflow's searches are such, and change nothing. */
	readonly body?: unknown;
	/** An artifact's bytes, and not JSON. */
	readonly isArtifact?: boolean;
}

const text = z.string().check(z.maxLength(10_000));
const optional = z.optional(text);
const whole = z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(50_000)));
/** A list comes as itself in a body, and as one or many in a query. */
const many = z._default(
	z.union([
		z.array(text),
		z.pipe(
			text,
			z.transform((one) => [one]),
		),
	]),
	[],
);

const artifactPath = z.optional(
	text.check(
		z.refine((path) => {
			try {
				return parseArtifactPath(path).length >= 0;
			} catch {
				return false;
			}
		}, "leaves the run's folder"),
	),
);

interface Read {
	readonly methods: readonly ("GET" | "POST")[];
	readonly toRequest: (given: unknown) => ReadRequest;
}

function read<Schema extends z.core.$ZodType>(
	methods: Read["methods"],
	schema: Schema,
	toRequest: (given: z.output<Schema>) => ReadRequest,
): Read {
	return { methods, toRequest: (given) => toRequest(z.parse(schema, given)) };
}

/** Old clients say `run_uuid`. Whoever names two runs means to get one past the other. */
const ofRun = z.object({ run_id: optional, run_uuid: optional });

function readOfRun(
	path: string,
	more: z.core.$ZodType<Readonly<Record<string, string | undefined>>>,
	isArtifact = false,
) {
	return read(["GET"], z.intersection(ofRun, more), (given) => {
		const { run_id = given.run_uuid, run_uuid = run_id } = given;
		if (run_id === undefined || run_id !== run_uuid)
			throw new Problem(400, "The request must name one run, as run_id.");
		return {
			scope: { of: "run", runId: run_id },
			path,
			query: { ...z.parse(more, given), run_id, run_uuid },
			isArtifact,
		};
	});
}

const api = "/api/2.0/mlflow";

/** All that is passed on to MLflow: its reads of experiments, runs, metrics and artifacts. What is not here is refused. */
export const reads: Readonly<Record<string, Read>> = {
	"experiments/search": read(
		["GET", "POST"],
		z.object({ max_results: whole, page_token: optional, filter: optional, order_by: many, view_type: optional }),
		(body) => ({ scope: { of: "answer" }, path: `${api}/experiments/search`, body: { max_results: 1_000, ...body } }),
	),
	"experiments/get": read(["GET"], z.object({ experiment_id: text }), (query) => ({
		scope: { of: "experiments", ids: [query.experiment_id] },
		path: `${api}/experiments/get`,
		query,
	})),
	"experiments/get-by-name": read(["GET"], z.object({ experiment_name: text }), (query) => ({
		scope: { of: "experimentName", name: query.experiment_name },
		path: `${api}/experiments/get-by-name`,
		query,
	})),
	"runs/search": read(
		["POST"],
		z.object({
			experiment_ids: many,
			filter: optional,
			run_view_type: optional,
			max_results: whole,
			order_by: many,
			page_token: optional,
		}),
		(body) => ({
			scope: { of: "experiments", ids: body.experiment_ids },
			path: `${api}/runs/search`,
			body: { max_results: 1_000, ...body },
		}),
	),
	"runs/get": readOfRun(`${api}/runs/get`, z.object({})),
	"metrics/get-history": readOfRun(
		`${api}/metrics/get-history`,
		z.object({
			metric_key: text,
			page_token: optional,
			max_results: z.optional(z.string().check(z.regex(/^\d{1,6}$/))),
		}),
	),
	"artifacts/list": readOfRun(`${api}/artifacts/list`, z.object({ path: artifactPath, page_token: optional })),
	"get-artifact": readOfRun("/get-artifact", z.object({ path: artifactPath }), true),
	health: read(["GET"], z.object({}), () => ({ scope: { of: "nothing" }, path: "/health" })),
	version: read(["GET"], z.object({}), () => ({ scope: { of: "nothing" }, path: "/version" })),
};

/**
 * The read that a path below `/api/mlflow/` names, as it stands in the request line: with MLflow's prefix as its clients
 * write it (`api/2.0/mlflow/runs/get`), or without. Undefined for all else; nothing is decoded, so nothing is hidden.
 */
export function readOf(path: string): Read | undefined {
	const name = path.replace(/^(?:(?:ajax-)?api\/)?2\.0\/mlflow\//, "");
	return Object.hasOwn(reads, name) ? reads[name] : undefined;
}
