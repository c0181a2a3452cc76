import { expect, test } from "vitest";
import { JobMetrics } from "../../../../src/core/jobs/jobMetrics";
import { aTrackedJob } from "../../../support/aJob";
import { aRun } from "../../../support/aRun";
import { memorySources } from "../../../support/memoryLibrary";

const run = aRun({ key: "s/r1", storeId: "s", id: "r1", metrics: { loss: 0.1 } });

test("what a job's stream told counts, else the last values of its run", () => {
	const { library, model } = memorySources();
	library.put([run]);
	const metrics = new JobMetrics(model);
	expect(metrics.metricsOf(aTrackedJob({ mlflowRunId: "r1" }, { metrics: { acc: 1 } }))).toEqual({ acc: 1 });
	expect(metrics.metricsOf(aTrackedJob({ mlflowRunId: "r1" }))).toEqual({ loss: 0.1 });
	expect(metrics.metricsOf(aTrackedJob())).toEqual({});
});

test("a run that comes later is found, and one that goes is not kept", () => {
	const { library, model } = memorySources();
	const metrics = new JobMetrics(model);
	const tracked = aTrackedJob({ mlflowRunId: "r1" });
	expect(metrics.runOf(tracked)).toBeUndefined();
	library.put([run]);
	expect(metrics.runOf(tracked)?.key).toBe("s/r1");
	library.remove(["s/r1"]);
	expect(metrics.runOf(tracked)).toBeUndefined();
});
