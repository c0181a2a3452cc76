import { describe, expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import type { JobSource, JobsChange, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { WithEarlierJobs } from "../../../../src/core/jobs/withEarlierJobs";
import type { Job } from "../../../../src/shared/relay/job";
import { aTrackedJob } from "../../../support/aJob";

const [first, second, third] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];

function aSource(jobs: readonly TrackedJob[], kind: "live" | "withoutRelay") {
	const changed = new Emitter<JobsChange>();
	const held = new Map(jobs.map((tracked) => [tracked.job.id, tracked]));
	const state: JobSource["snapshot"]["state"] =
		kind === "live"
			? { kind, url: "http://relay.test", sinceMs: 0, reason: null }
			: { kind, github: "absent", reason: null };
	const source: JobSource = { snapshot: { state, projects: [], jobs: held }, onDidChange: changed.event };
	const tell = (...told: readonly TrackedJob[]) => {
		for (const tracked of told) held.set(tracked.job.id, tracked);
		changed.fire({ jobIds: told.map(({ job }) => job.id) });
	};
	return { source, tell };
}

const ofRelay = (id: string, commitSha: string) => aTrackedJob({ id, commitSha });
const ofClone = (commitSha: string, status: Job["status"] = "completed"): TrackedJob => ({
	...aTrackedJob({ id: `git:${commitSha[0]}`, commitSha, status }),
	source: "git",
});

function joined(relayJobs: readonly TrackedJob[], cloneJobs: readonly TrackedJob[]) {
	const relay = aSource(relayJobs, "live");
	const clone = aSource(cloneJobs, "withoutRelay");
	const jobs = new WithEarlierJobs(relay.source, clone.source);
	const changes: string[][] = [];
	jobs.onDidChange(({ jobIds }) => changes.push([...jobIds]));
	return { jobs, relay, clone, changes, ids: () => [...jobs.snapshot.jobs.keys()] };
}

describe("a relay's jobs beside those of the clone", () => {
	test("what was trained before there was a relay is still there; the state is the relay's", () => {
		const { jobs, ids } = joined([], [ofClone(first), ofClone(second, "failed")]);
		expect(ids()).toEqual(["git:1", "git:2"]);
		expect(jobs.snapshot.state.kind).toBe("live");
	});

	test("of a commit that the relay knows it alone tells", () => {
		expect(joined([ofRelay("a", first)], [ofClone(first), ofClone(second)]).ids()).toEqual(["a", "git:2"]);
	});

	test("a branch of which nothing was logged is no job beside a relay", () => {
		expect(joined([], [ofClone(first, "pending"), ofClone(second, "running")]).ids()).toEqual(["git:2"]);
	});

	test("a push takes the place of what the clone knew, and both changes are told at once", () => {
		const { relay, changes, ids } = joined([], [ofClone(first)]);
		relay.tell(ofRelay("a", first));
		expect(ids()).toEqual(["a"]);
		expect(changes).toEqual([["a", "git:1"]]);
	});

	test("what the clone tells of shown jobs is told on, and nothing else of it", () => {
		const { clone, changes, ids } = joined([ofRelay("a", first)], [ofClone(first), ofClone(second, "running")]);
		clone.tell(ofClone(first, "failed"));
		clone.tell(ofClone(third, "pending"));
		expect(changes).toEqual([]);
		clone.tell(ofClone(second));
		clone.tell(ofClone(third, "running"));
		expect(changes).toEqual([["git:2"], ["git:3"]]);
		expect(ids()).toEqual(["a", "git:2", "git:3"]);
	});

	test("a change of the relay's state is told, though no job is other", () => {
		const { relay, changes } = joined([], [ofClone(first)]);
		relay.tell();
		expect(changes).toEqual([[]]);
	});

	test("nothing is told once it is disposed", () => {
		const { jobs, relay, clone, changes } = joined([], [ofClone(first)]);
		jobs.dispose();
		relay.tell(ofRelay("a", second));
		clone.tell(ofClone(third));
		expect(changes).toEqual([]);
	});
});
