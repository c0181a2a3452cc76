import { describe, expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { type LogOrigin, logOriginOf } from "../../../../src/core/jobs/logOrigin";
import { LogReaders } from "../../../../src/core/jobs/logReaders";
import type { JobsChange, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { Relay } from "../../../../src/core/relay/relay";
import { aTrackedJob } from "../../../support/aJob";

const page = "https://github.com/ada/digits/actions/runs/7";
const atGithub = { kind: "actions", host: "github.com", repository: "ada/digits", runId: "7", attempt: 1 };
const inAws = { kind: "cloudwatch", trainingName: "t-1" };

describe("who keeps the log of a job", () => {
	test.each<[string, TrackedJob, unknown]>([
		["a runner's is the relay's", aTrackedJob(), { kind: "relay" }],
		["SageMaker's is CloudWatch's", aTrackedJob({ target: "sagemaker", sagemakerJobName: "t-1" }), inAws],
		[
			"what a relay was given anyhow stays the relay's",
			aTrackedJob({ target: "sagemaker", sagemakerJobName: "t-1" }, { logSizeBytes: 5 }),
			{ kind: "relay" },
		],
		[
			"a push whose workflow failed before any training is GitHub's",
			aTrackedJob({ target: "sagemaker", workflowRunId: "7", status: "failed" }, { url: page }),
			atGithub,
		],
		[
			"one that still may reach SageMaker is waited for",
			aTrackedJob({ target: "sagemaker", workflowRunId: "7", status: "running" }, { url: page }),
			{ kind: "relay" },
		],
		[
			"without a relay a workflow's is GitHub's",
			aTrackedJob({ workflowRunId: "7" }, { source: "actions", url: page }),
			atGithub,
		],
		[
			"of an enterprise the host is its own",
			aTrackedJob({ workflowRunId: "7" }, { source: "actions", url: page.replace("github.com", "GHE.acme.dev") }),
			{ ...atGithub, host: "ghe.acme.dev" },
		],
		["git's own is nobody's", aTrackedJob({}, { source: "git", url: page }), null],
	])("%s", (_, tracked, origin) => {
		expect(logOriginOf(tracked)).toEqual(origin);
	});
});

function readers() {
	const jobs = new Map<string, TrackedJob>();
	const scene = {
		put: (tracked: TrackedJob) => jobs.set(tracked.job.id, tracked),
		relay: null as Pick<Relay, "readLog"> | null,
		texts: {} as Record<string, string>,
		made: [] as string[],
	};
	const made = new LogReaders({
		jobs: {
			snapshot: { state: { kind: "connecting", url: "" }, projects: [], jobs },
			onDidChange: new Emitter<JobsChange>().event,
		},
		relay: () => scene.relay as Relay | null,
		puller: async (origin: LogOrigin) => {
			scene.made.push(origin.kind);
			let isTold = false;
			return {
				pull: async () => {
					const text = isTold ? "" : (scene.texts[origin.kind] ?? "");
					isTold = true;
					return { text, hasMore: false };
				},
			};
		},
	});
	const read = async (id: string, offset = 0) => new TextDecoder().decode((await made.readLog(id, offset)).bytes);
	return { made, scene, read };
}

async function wholeOf(made: LogReaders, id: string): Promise<string[]> {
	const pieces: string[] = [];
	for await (const bytes of made.whole(id)) pieces.push(new TextDecoder().decode(bytes));
	return pieces;
}

describe("reading", () => {
	test("each job from where its log is, and one that moves there anew", async () => {
		const { made, scene, read } = readers();
		scene.texts = { cloudwatch: "of AWS", actions: "of GitHub" };
		const waits = aTrackedJob({ target: "sagemaker", workflowRunId: "7", status: "failed" }, { url: page });
		scene.put(waits);
		expect(await read("job1")).toBe("of GitHub");
		expect(await read("job1", 3)).toBe("GitHub");
		expect(scene.made).toEqual(["actions"]);
		const before = made.keyOf("job1");
		scene.put({ ...waits, job: { ...waits.job, sagemakerJobName: "t-1" } });
		expect(made.keyOf("job1")).not.toBe(before);
		expect(await read("job1")).toBe("of AWS");
	});

	test("a relay's log waits for the relay, and nobody's says so", async () => {
		const { made, scene, read } = readers();
		scene.put(aTrackedJob());
		scene.put(aTrackedJob({ id: "job2" }, { source: "git" }));
		expect(made.canRead("job1")).toBe(false);
		await expect(read("job1")).rejects.toMatchObject({ code: "relay.unreachable" });
		scene.relay = { readLog: async () => ({ bytes: new TextEncoder().encode("of the relay"), sizeBytes: 12 }) };
		expect(made.canRead("job1")).toBe(true);
		expect(await read("job1")).toBe("of the relay");
		await expect(read("job2")).rejects.toMatchObject({ code: "job.unmanaged" });
		await expect(read("job3")).rejects.toMatchObject({ code: "job.missing" });
	});

	test("is asked for again only where nobody tells, while it goes on and a minute longer", () => {
		const { made, scene } = readers();
		const nowMs = Date.parse("2026-01-01T01:00:00Z");
		scene.put(aTrackedJob());
		expect(made.askAgainMs("job1", nowMs)).toBeNull();
		scene.put(aTrackedJob({ sagemakerJobName: "t-1" }));
		expect(made.askAgainMs("job1", nowMs)).toBe(3_000);
		const ended = (completedAt: string) => aTrackedJob({ sagemakerJobName: "t-1", status: "completed", completedAt });
		scene.put(ended("2026-01-01T00:59:30Z"));
		expect(made.askAgainMs("job1", nowMs)).toBe(3_000);
		scene.put(ended("2026-01-01T00:58:30Z"));
		expect(made.askAgainMs("job1", nowMs)).toBeNull();
	});

	test("whole: from the beginning, whatever is held of it", async () => {
		const { made, scene, read } = readers();
		scene.texts = { cloudwatch: "all of it" };
		scene.put(aTrackedJob({ sagemakerJobName: "t-1" }));
		expect(await read("job1")).toBe("all of it");
		const parts = await wholeOf(made, "job1");
		expect(parts).toEqual(["all of it"]);
		const bytes = new TextEncoder().encode("0123456789");
		scene.relay = { readLog: async (_, at) => ({ bytes: bytes.subarray(at, at + 4), sizeBytes: 10 }) };
		scene.put(aTrackedJob({ id: "job2" }));
		const pieces = await wholeOf(made, "job2");
		expect(pieces).toEqual(["0123", "4567", "89"]);
	});
});
