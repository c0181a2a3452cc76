import type { LifecycleStage, Run, RunStatus } from "../../shared/run";
import { toRunKey } from "../../shared/run";
import type { FlatYaml, YamlScalar } from "./flatYaml";

/** What MLflow keeps of a run outside its params, metrics and tags. */
export interface RunMeta {
	readonly name: string;
	readonly experimentId: string | null;
	readonly status: RunStatus;
	readonly lifecycleStage: LifecycleStage;
	readonly startTimeMs: number | null;
	readonly endTimeMs: number | null;
	readonly artifactUri: string | null;
	readonly userId: string | null;
}

/** RunStatus in MLflow's service.proto. */
const statusByNumber: ReadonlyMap<YamlScalar, RunStatus> = new Map<YamlScalar, RunStatus>([
	[1, "RUNNING"],
	[2, "SCHEDULED"],
	[3, "FINISHED"],
	[4, "FAILED"],
	[5, "KILLED"],
]);

/** What a run whose meta.yaml says nothing is shown as: it did not end well, and is not waited for. */
export const unreadableMeta: RunMeta = {
	name: "",
	experimentId: null,
	status: "FAILED",
	lifecycleStage: "active",
	startTimeMs: null,
	endTimeMs: null,
	artifactUri: null,
	userId: null,
};

/** A run's `meta.yaml` (MLflow 1.x to 3.x), and what is wrong with it, if anything. */
export function readRunMeta(
	yaml: FlatYaml,
	runId: string,
): { readonly meta: RunMeta; readonly problem: string | null } {
	const problems: string[] = [];
	const status = yaml.has("status") ? statusByNumber.get(yaml.get("status") ?? null) : "RUNNING";
	if (status === undefined) problems.push(`has the status ${String(yaml.get("status"))}, which MLflow does not know`);
	const stage = yaml.get("lifecycle_stage") ?? "active";
	if (stage !== "active" && stage !== "deleted") problems.push(`has the lifecycle stage ${String(stage)}`);
	const named = yaml.get("run_id") ?? yaml.get("run_uuid");
	if (named !== undefined && named !== null && String(named) !== runId) problems.push("names another run");
	if (yaml.get("experiment_id") === undefined) problems.push("names no experiment");
	return {
		meta: {
			name: textOf(yaml.get("run_name")) ?? textOf(yaml.get("name")) ?? "",
			experimentId: textOf(yaml.get("experiment_id")),
			status: status ?? unreadableMeta.status,
			lifecycleStage: stage === "deleted" ? "deleted" : "active",
			startTimeMs: timeOf(yaml.get("start_time")),
			endTimeMs: timeOf(yaml.get("end_time")),
			artifactUri: textOf(yaml.get("artifact_uri")),
			userId: textOf(yaml.get("user_id")),
		},
		problem: problems[0] ?? null,
	};
}

export function textOf(scalar: YamlScalar | undefined): string | null {
	return scalar === undefined || scalar === null ? null : String(scalar);
}

function timeOf(scalar: YamlScalar | undefined): number | null {
	return typeof scalar === "number" && Number.isFinite(scalar) ? scalar : null;
}

/** What a run is made of, whichever MLflow store it came from. */
export interface RunParts {
	readonly storeId: string;
	readonly id: string;
	readonly experimentId: string;
	readonly experimentName: string;
	readonly experimentStage: LifecycleStage;
	readonly meta: RunMeta;
	readonly params: Readonly<Record<string, string>>;
	readonly metrics: Readonly<Record<string, number>>;
	readonly tags: Readonly<Record<string, string>>;
	readonly lastSignMs: number | null;
	readonly problem: string | null;
}

/** Adds what MLflow keeps in tags: the name where meta has none, the parent, the commit. */
export function toRun(parts: RunParts): Run {
	const { storeId, id, meta, tags } = parts;
	return {
		key: toRunKey(storeId, id),
		storeId,
		id,
		name: meta.name || tags["mlflow.runName"] || (parts.problem === null ? "" : id),
		experimentId: parts.experimentId,
		experimentName: parts.experimentName,
		experimentStage: parts.experimentStage,
		status: meta.status,
		lifecycleStage: meta.lifecycleStage,
		startTimeMs: meta.startTimeMs,
		endTimeMs: meta.endTimeMs,
		params: parts.params,
		metrics: parts.metrics,
		tags,
		artifactUri: meta.artifactUri,
		parentRunId: tags["mlflow.parentRunId"] ?? null,
		commit: tags["mlflow.source.git.commit"] ?? null,
		userId: meta.userId,
		lastSignMs: parts.lastSignMs,
		problem: parts.problem,
	};
}
