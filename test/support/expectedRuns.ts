import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import type { TrackingStore } from "../../src/core/stores/trackingStore";
import type { ArtifactEntry, Run, Series } from "../../src/shared/run";

const float = z.pipe(
	z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]),
	z.transform((value) => Number(value)),
);
const expectedRun = z.object({
	run_id: z.string(),
	experiment_id: z.string(),
	run_name: z.string(),
	status: z.string(),
	lifecycle_stage: z.string(),
	start_time: z.nullable(z.number()),
	end_time: z.nullable(z.number()),
	user_id: z.nullable(z.string()),
	artifact_uri: z.string(),
	parent_run_id: z.nullable(z.string()),
	params: z.record(z.string(), z.string()),
	tags: z.record(z.string(), z.string()),
	metrics_latest: z.record(z.string(), float),
	metric_history: z.record(z.string(), z.object({ n: z.number(), history_sha256: z.string() })),
	artifacts: z.array(z.object({ path: z.string(), is_dir: z.boolean(), size: z.nullable(z.number()) })),
});
const expectedStore = z.object({
	experiments: z.array(
		z.object({
			experiment_id: z.string(),
			name: z.string(),
			lifecycle_stage: z.string(),
			tags: z.record(z.string(), z.string()),
		}),
	),
	runs: z.array(expectedRun),
	searches: z.array(
		z.object({
			filter: z.string(),
			order_by: z.array(z.string()),
			view: z.string(),
			run_ids: z.array(z.string()),
		}),
	),
});

export type ExpectedRun = z.infer<typeof expectedRun>;
export type ExpectedStore = z.infer<typeof expectedStore>;

/** What the real client read from a store: the `EXPECTED.json` beside it, or what a script of ours printed. */
export function parseExpected(json: string): ExpectedStore {
	return expectedStore.parse(JSON.parse(json));
}

export function readExpected(file: string): ExpectedStore {
	return parseExpected(readFileSync(file, "utf8"));
}

/** The hash rule of the fixtures: points by (step, timestamp, bits), each int64 step, int64 timestamp, float64, big-endian. */
export function historyHash({ steps, timestampsMs, values }: Series): string {
	const points = Array.from(steps, (step, at) => {
		const bytes = Buffer.alloc(24);
		bytes.writeBigInt64BE(BigInt(step), 0);
		bytes.writeBigInt64BE(BigInt(timestampsMs[at]!), 8);
		bytes.writeDoubleBE(values[at]!, 16);
		if (Number.isNaN(values[at])) bytes.writeBigUInt64BE(0x7ff8000000000000n, 16);
		return { step, timestampMs: timestampsMs[at]!, bits: bytes.readBigUInt64BE(16), bytes };
	});
	points.sort(
		(a, b) => a.step - b.step || a.timestampMs - b.timestampMs || (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0),
	);
	return createHash("sha256")
		.update(Buffer.concat(points.map(({ bytes }) => bytes)))
		.digest("hex");
}

/** Every run a store has, as `refresh` yields them. */
export async function allRuns(store: TrackingStore): Promise<Run[]> {
	const runs = new Map<string, Run>();
	for await (const delta of store.refresh()) {
		for (const run of delta.upserted) runs.set(run.id, run);
		for (const id of delta.removed) runs.delete(id);
	}
	return [...runs.values()];
}

/** The whole artifact tree, in the order of paths. */
export async function allArtifacts(store: TrackingStore, runId: string, path = ""): Promise<ArtifactEntry[]> {
	const found: ArtifactEntry[] = [];
	for (const entry of await store.artifacts(runId, path)) {
		found.push(entry);
		if (entry.isDir) found.push(...(await allArtifacts(store, runId, entry.path)));
	}
	return found;
}

/** A run in the words of the expectation, so that two can be compared whole. */
export function inMlflowWords(run: Run) {
	return {
		run_id: run.id,
		experiment_id: run.experimentId,
		run_name: run.name,
		status: run.status,
		lifecycle_stage: run.lifecycleStage,
		start_time: run.startTimeMs,
		end_time: run.endTimeMs,
		user_id: run.userId,
		artifact_uri: run.artifactUri,
		parent_run_id: run.parentRunId,
		params: run.params,
		tags: run.tags,
		metrics_latest: run.metrics,
	};
}

export function withoutHistories({ metric_history, artifacts, ...run }: ExpectedRun) {
	return run;
}
