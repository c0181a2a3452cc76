import { compareByCodePoint } from "../../core/codePoints";
import { failureReason } from "../../core/runs/failureReason";
import type { RunChoicesState } from "../../core/runs/runChoices";
import type { RunSnapshot } from "../../core/runs/runModel";
import {
	clippedLength,
	type NamedValue,
	type RelatedRun,
	type RunPageRun,
	type RunPageState,
} from "../../shared/panels/runPanel";
import type { Run, RunKey } from "../../shared/run";

const longestNote = 100_000;
const longestProblem = 2000;
const mostChildren = 200;

/** What the page knows beside the run itself. */
export interface RunSurroundings {
	readonly snapshot: RunSnapshot;
	readonly choices: RunChoicesState;
	readonly colour: number;
	readonly growth: number;
	readonly branch: string | null;
	readonly job: RunPageRun["job"];
	readonly hasGit: boolean;
	readonly hasUncommittedDiff: boolean;
	readonly nowMs: number;
}

/** The page's whole state. */
export function toRunPageState(key: RunKey, run: Run | undefined, around: RunSurroundings): RunPageState {
	return {
		key,
		hostNowMs: around.nowMs,
		run: run ? toPageRun(run, around) : null,
		isReading:
			around.snapshot.stores.length === 0 || around.snapshot.stores.some(({ state }) => state.kind === "reading"),
	};
}

function toPageRun(run: Run, around: RunSurroundings): RunPageRun {
	const { runs, stores } = around.snapshot;
	const store = stores.find(({ id }) => id === run.storeId);
	const baseline = around.choices.baseline === null ? undefined : runs.get(around.choices.baseline);
	const siblings = [...runs.values()].filter((other) => other.storeId === run.storeId);
	const children = siblings.filter((other) => other.parentRunId === run.id && other.key !== run.key);
	const parent = run.parentRunId === null ? undefined : siblings.find((other) => other.id === run.parentRunId);
	const note = run.tags["mlflow.note.content"]?.trim();
	return {
		name: run.name,
		id: run.id,
		status: run.status,
		lifecycleStage: run.lifecycleStage,
		experimentName: run.experimentName,
		startTimeMs: run.startTimeMs,
		endTimeMs: run.endTimeMs,
		lastSignMs: run.lastSignMs,
		userId: run.userId,
		commit: run.commit,
		branch: around.branch,
		job: around.job,
		artifactUri: run.artifactUri,
		problem: run.problem === null ? null : clip(run.problem, longestProblem),
		store: {
			kind: store?.kind ?? "mlflow-folder",
			label: store?.label ?? run.storeId,
			uri: store?.uri ?? "",
			problem: store?.state.kind === "failed" ? clip(store.state.message, longestProblem) : null,
		},
		metrics: Object.entries(run.metrics).sort(([a], [b]) => compareByCodePoint(a, b)),
		growth: around.growth,
		params: namedValues(run.params),
		tags: namedValues(run.tags).sort((a, b) => Number(isMlflows(a)) - Number(isMlflows(b))),
		note: note ? clip(note, longestNote) : null,
		failure: failureReason(run),
		parent: parent ? toRelated(parent) : null,
		children: children
			.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0))
			.slice(0, mostChildren)
			.map(toRelated),
		childCount: children.length,
		colour: around.colour,
		isBaseline: around.choices.baseline === run.key,
		baseline: baseline ? toRelated(baseline) : null,
		hasGit: around.hasGit,
		hasUncommittedDiff: around.hasUncommittedDiff,
	};
}

function namedValues(values: Readonly<Record<string, string>>): NamedValue[] {
	return Object.entries(values)
		.sort(([a], [b]) => compareByCodePoint(a, b))
		.map(([name, value]) => ({ name, value: clip(value, clippedLength), length: value.length }));
}

function isMlflows({ name }: NamedValue): boolean {
	return name.startsWith("mlflow.");
}

function toRelated({ key, name, status }: Run): RelatedRun {
	return { key, name, status };
}

function clip(text: string, length: number): string {
	return text.length > length ? text.slice(0, length) : text;
}
