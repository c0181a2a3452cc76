import type { Run } from "../../shared/run";

/** Where people and frameworks put it, the most telling first. */
const reasonTags = ["traceback", "exception", "error", "failure_reason", "failure", "reason", "stop_reason"];
const longest = 20_000;

/**
 * Why a run failed, where one of its tags says so: `error`, `train.exception`, `mlflow.error` and the like.
 * Null for a run that did not fail, and for one that keeps its reason to its log.
 */
export function failureReason(run: Run): { readonly text: string; readonly source: string } | null {
	if (run.status !== "FAILED" && run.status !== "KILLED") return null;
	for (const reason of reasonTags) {
		const source = Object.keys(run.tags).find((tag) => tag.toLowerCase().split(/[./]/).at(-1) === reason);
		const text = source === undefined ? "" : (run.tags[source] ?? "").trim();
		if (source !== undefined && text !== "") return { text: text.slice(0, longest), source };
	}
	return null;
}
