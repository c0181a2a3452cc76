import { experimentsPage, runAnswer, runsPage, type WireRun } from "../../core/mlflow/serverWire";
import type { RunSearch } from "../../core/stores/trackingStore";
import type { Experiment } from "../../shared/run";
import type { ServerClient } from "./serverClient";

/** MLflow allows 50,000 in a page; a thousand come within a second or two. */
const pageSize = 1000;
/** Servers cap experiment pages at different sizes; all take this one. */
const experimentsPageSize = 1000;

export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface RunsQuestion {
	readonly experimentIds: readonly string[];
	readonly filter?: string | undefined;
	readonly orderBy?: readonly string[] | undefined;
	readonly view: ViewType;
	/** Of the first page, at most; later ones are whole. */
	readonly firstPage?: number;
}

export function viewOf(view: RunSearch["view"]): ViewType {
	return view === "active" ? "ACTIVE_ONLY" : view === "deleted" ? "DELETED_ONLY" : "ALL";
}

/** Every experiment, deleted ones included. Rejects as `ServerClient.json`. */
export async function readServerExperiments(
	client: ServerClient,
	signal?: AbortSignal,
): Promise<Map<string, Experiment>> {
	const found = new Map<string, Experiment>();
	for (let token: string | undefined; ; ) {
		const page = await client.json(experimentsPage, {
			path: "/api/2.0/mlflow/experiments/search",
			body: { max_results: experimentsPageSize, view_type: "ALL", page_token: token },
			signal,
		});
		for (const { experiment_id: id, name, lifecycle_stage: lifecycleStage, tags } of page.experiments) {
			const tagsByKey = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
			found.set(id, { id, name, lifecycleStage, tags: tagsByKey });
		}
		const next = page.next_page_token || undefined;
		if (next === undefined || next === token) return found;
		token = next;
	}
}

/** Runs in the server's own order, page by page. Rejects as `ServerClient.json`. */
export async function* readServerRuns(
	client: ServerClient,
	question: RunsQuestion,
	signal?: AbortSignal,
): AsyncGenerator<readonly WireRun[]> {
	if (question.experimentIds.length === 0) return;
	let size = Math.min(question.firstPage ?? pageSize, pageSize);
	for (let token: string | undefined; ; size = pageSize) {
		const page = await client.json(runsPage, {
			path: "/api/2.0/mlflow/runs/search",
			body: {
				experiment_ids: question.experimentIds,
				filter: question.filter ?? "",
				run_view_type: question.view,
				max_results: size,
				order_by: question.orderBy ?? [],
				page_token: token,
			},
			signal,
		});
		if (page.runs.length > 0) yield page.runs;
		const next = page.next_page_token || undefined;
		if (next === undefined || next === token) return;
		token = next;
	}
}

export async function readServerRun(client: ServerClient, runId: string, signal?: AbortSignal): Promise<WireRun> {
	const query = { run_id: runId, run_uuid: runId };
	return (await client.json(runAnswer, { path: "/api/2.0/mlflow/runs/get", query, signal })).run;
}
