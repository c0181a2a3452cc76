import { expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { JobModel } from "../../../../src/core/jobs/jobModel";
import type { JobSource, JobsChange, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { joinTrainings } from "../../../../src/core/sagemaker/joinTrainings";
import { aTrackedJob } from "../../../support/aJob";
import { aTraining } from "../../../support/aTraining";

function aSource(...jobs: readonly TrackedJob[]) {
	const changed = new Emitter<JobsChange>();
	const source: JobSource = {
		snapshot: {
			state: { kind: "live", url: "http://relay.test", sinceMs: 0, reason: null },
			projects: [],
			jobs: new Map(jobs.map((job) => [job.job.id, job])),
		},
		onDidChange: changed.event,
	};
	return { source, changed };
}

const following = (model: JobModel) => {
	const changes: string[][] = [];
	model.onDidChange(({ jobIds }) => changes.push([...jobIds]));
	return changes;
};

test("before any source is in use there is no relay and no job", () => {
	const model = new JobModel();
	expect(model.snapshot.state).toMatchObject({ kind: "withoutRelay" });
	expect(model.snapshot.jobs.size).toBe(0);
	expect(model.job("a")).toBeUndefined();
});

test("tells the jobs of the source in use, and what changes there", () => {
	const model = new JobModel();
	const changes = following(model);
	const { source, changed } = aSource(aTrackedJob({ id: "a" }));
	model.use(source);
	expect(model.job("a")?.job.id).toBe("a");
	changed.fire({ jobIds: ["a"] });
	changed.fire({ jobIds: [] });
	expect(changes).toEqual([["a"], ["a"], []]);
});

test("another source takes the place of the first, whose changes count no more", () => {
	const model = new JobModel();
	const first = aSource(aTrackedJob({ id: "a" }), aTrackedJob({ id: "both" }));
	model.use(first.source);
	const changes = following(model);
	const second = aSource(aTrackedJob({ id: "b" }), aTrackedJob({ id: "both" }));
	model.use(second.source);
	model.use(second.source);
	first.changed.fire({ jobIds: ["a"] });
	expect(changes).toEqual([["a", "both", "b"]]);
	expect([...model.snapshot.jobs.keys()]).toEqual(["b", "both"]);
});

test("a disposed model follows nobody", () => {
	const model = new JobModel();
	const { source, changed } = aSource(aTrackedJob());
	model.use(source);
	const changes = following(model);
	model.dispose();
	changed.fire({ jobIds: ["job1"] });
	expect(changes).toEqual([]);
});

test("another witness adds what it knows, and only what became another is told", () => {
	const model = new JobModel();
	const { source, changed } = aSource(
		aTrackedJob({ id: "a", target: "sagemaker", sagemakerJobName: "t" }),
		aTrackedJob({ id: "b" }),
	);
	model.use(source);
	const changes = following(model);
	const news = new Emitter<void>();
	let trainings = [aTraining({ name: "t" })];
	model.joinWith({ join: (jobs) => joinTrainings(jobs, trainings), doors: [], onDidChange: news.event });
	expect(model.job("a")?.training?.name).toBe("t");
	// The same again, for a reader that compares by identity.
	expect(model.job("a")).toBe(model.job("a"));
	trainings = [...trainings, aTraining({ name: "own" })];
	news.fire();
	trainings = [aTraining({ name: "t", phase: "Uploading" })];
	news.fire();
	news.fire();
	changed.fire({ jobIds: ["b"] });
	expect(changes).toEqual([["a", "b"], ["sagemaker:own"], ["a", "sagemaker:own"], [], ["b"]]);
	expect(model.snapshot.jobs.size).toBe(2);
});
