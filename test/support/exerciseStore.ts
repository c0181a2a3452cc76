import type { TrackingStore } from "../../src/core/stores/trackingStore";
import { GammaError } from "../../src/shared/errors";
import type { Run } from "../../src/shared/run";

export interface Exercise {
	readonly runs: readonly Run[];
	readonly points: number;
	/** Everything that went wrong in a way a person would be told about. */
	readonly explained: readonly GammaError[];
}

/** Does with a store what the editor does: lists it, searches it, reads histories, artifacts and media of every run. */
export async function exerciseStore(store: TrackingStore): Promise<Exercise> {
	const runs = new Map<string, Run>();
	const explained: GammaError[] = [];
	let points = 0;
	const attempt = async (work: () => Promise<unknown>) => {
		try {
			await work();
		} catch (error) {
			if (!GammaError.is(error) || error.code === "unexpected") throw error;
			explained.push(error);
		}
	};
	await attempt(async () => {
		for await (const delta of store.refresh()) for (const run of delta.upserted) runs.set(run.id, run);
	});
	await attempt(() => store.experiments());
	await attempt(() => store.search({ view: "active", filter: "metrics.loss < 1", orderBy: ["params.lr DESC"] }));
	for (const run of runs.values()) {
		for (const metric of Object.keys(run.metrics).slice(0, 6)) {
			await attempt(async () => {
				const series = await store.history(run.id, metric);
				if (series.steps.length !== series.values.length || series.values.length !== series.timestampsMs.length) {
					throw new Error(`unequal columns in ${metric}`);
				}
				points += series.values.length;
			});
		}
		await attempt(async () => {
			for (const entry of await store.artifacts(run.id, "")) {
				if (entry.isDir) await attempt(() => store.artifacts(run.id, entry.path));
				else await attempt(() => store.readArtifact(run.id, entry.path, { offset: 0, length: 100 }));
			}
		});
		for (const path of ["../../../meta.yaml", "..", "/etc/passwd", "a/../../..", "..\\..\\x", "%2e%2e/x", "a\0b"]) {
			await attempt(async () => {
				const read = await store.readArtifact(run.id, path);
				throw new Error(`${path} was read: ${read.bytes.length} bytes`);
			});
		}
		await attempt(() => store.media(run.id));
	}
	return { runs: [...runs.values()], points, explained };
}
