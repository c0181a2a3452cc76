import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { RelayJobs } from "../../../../src/core/jobs/relayJobs";
import type { FeedReader, FeedState, ProjectFeed } from "../../../../src/core/relay/projectFeed";
import type { JobQuery } from "../../../../src/core/relay/relay";
import { GammaError } from "../../../../src/shared/errors";
import type { Job } from "../../../../src/shared/relay/job";
import type { Project } from "../../../../src/shared/relay/project";
import { aJob } from "../../../support/aJob";
import { testLogger } from "../../../support/testLogger";

const signal = new AbortController().signal;

function aProject(id: string, repository = `ada/${id}`): Project {
	const none = { installationId: null, s3Bucket: null, s3Prefix: null, mlflowExperiment: null };
	return { id, name: id, repository, ...none, target: "runner", ownerId: "u", createdAt: "", updatedAt: "" };
}

class FakeFeed implements ProjectFeed {
	state: FeedState = { kind: "connecting" };
	isDisposed = false;
	readonly #changed = new Emitter<FeedState>();
	readonly onDidChangeState = this.#changed.event;
	constructor(readonly reader: FeedReader) {}

	become(state: FeedState): void {
		this.state = state;
		this.#changed.fire(state);
	}

	dispose(): void {
		this.isDisposed = true;
	}
}

/** A relay whose lists are what the test says. */
async function connected(projects: readonly Project[], lists: (query: JobQuery) => readonly Job[] = () => []) {
	const relay = {
		projects,
		isAway: false,
		own: new Set<string>(),
		asked: [] as JobQuery[],
		next: null as string | null,
	};
	const feeds = new Map<string, FakeFeed[]>();
	const jobs = new RelayJobs({
		url: "http://relay.test",
		relay: {
			projects: async () => {
				if (relay.isAway) throw new GammaError("relay.unreachable", "The relay is away.");
				return relay.projects;
			},
			jobs: async (query) => {
				relay.asked.push(query);
				return { items: lists(query), next: query.status ? null : relay.next };
			},
		},
		follow: (projectId, reader) => {
			const feed = new FakeFeed(reader);
			feeds.set(projectId, [...(feeds.get(projectId) ?? []), feed]);
			return feed;
		},
		isShown: ({ repository }) => repository.startsWith("ada/"),
		ownCommits: async (shas) => new Set(shas.filter((sha) => relay.own.has(sha))),
		urlOf: (job, { repository }) => `https://forge.test/${repository}/commit/${job.commitSha}`,
		logger: testLogger,
	});
	const changes: string[][] = [];
	jobs.onDidChange(({ jobIds }) => changes.push([...jobIds]));
	await jobs.look();
	return { jobs, relay, feeds, changes, feed: (id: string) => feeds.get(id)?.at(-1) as FakeFeed };
}

test("the jobs of the projects that this window shows are listed once and then followed", async () => {
	const { jobs, feeds, changes, feed, relay } = await connected([aProject("p1"), aProject("p2", "bob/p2")], () => [
		aJob({ id: "a", projectId: "p1" }),
	]);
	expect([...feeds.keys()]).toEqual(["p1"]);
	expect(jobs.snapshot).toMatchObject({ state: { kind: "connecting" }, projects: [{ id: "p1" }, { id: "p2" }] });
	await feed("p1").reader.fetchAnew("10", signal);
	feed("p1").become({ kind: "live", sinceMs: 7 });
	expect(jobs.snapshot.state).toMatchObject({ kind: "live" });
	expect(relay.asked).toEqual([{ project: "p1", limit: 200 }]);
	expect(jobs.snapshot.jobs.get("a")).toMatchObject({
		repository: "ada/p1",
		isOwn: false,
		url: `https://forge.test/ada/p1/commit/${aJob().commitSha}`,
	});
	changes.length = 0;
	feed("p1").reader.take([{ id: "11", kind: "job.updated", data: aJob({ id: "a", projectId: "p1", progress: 0.5 }) }]);
	feed("p1").reader.take([{ id: "11", kind: "job.updated", data: aJob({ id: "a", projectId: "p1", progress: 0.5 }) }]);
	expect(changes).toEqual([["a"]]);
	expect(jobs.snapshot.jobs.get("a")?.job.progress).toBe(0.5);
});

test("what runs or waits is found behind any number of newer jobs", async () => {
	const { jobs, feed, relay } = await connected([aProject("p1")], ({ status }) =>
		status === "running" ? [aJob({ id: "old", projectId: "p1" })] : [aJob({ id: `new ${status}`, projectId: "p1" })],
	);
	relay.next = "5";
	await feed("p1").reader.fetchAnew("10", signal);
	expect(relay.asked.map(({ status }) => status)).toEqual([undefined, "running", "pending"]);
	expect([...jobs.snapshot.jobs.keys()].sort()).toEqual(["new pending", "new undefined", "old"]);
});

test("whose a job is, is asked of the clone, and again where it did not have the commit yet", async () => {
	const { jobs, feed, relay } = await connected([aProject("p1")]);
	const job = aJob({ id: "a", projectId: "p1" });
	feed("p1").reader.take([{ id: "11", kind: "job.created", data: job }]);
	await jobs.look();
	expect(jobs.snapshot.jobs.get("a")?.isOwn).toBe(false);
	relay.own.add(job.commitSha);
	await jobs.look();
	expect(jobs.snapshot.jobs.get("a")?.isOwn).toBe(true);
});

test("a project that is gone, or shown no more, takes its jobs along; one that is back is followed anew", async () => {
	const { jobs, feeds, feed, relay } = await connected([aProject("p1"), aProject("p2")]);
	feed("p1").reader.take([{ id: "1", kind: "job.created", data: aJob({ id: "a", projectId: "p1" }) }]);
	feed("p2").reader.take([{ id: "2", kind: "job.created", data: aJob({ id: "b", projectId: "p2" }) }]);
	relay.projects = [aProject("p2")];
	feed("p1").become({ kind: "gone", sinceMs: 0, reason: "There is nothing here." });
	await vi.waitFor(() => expect([...jobs.snapshot.jobs.keys()]).toEqual(["b"]), { timeout: 10_000 });
	expect(feed("p1").isDisposed).toBe(true);
	expect(feed("p2").isDisposed).toBe(false);
	relay.projects = [aProject("p1"), aProject("p2")];
	await jobs.look();
	expect(feeds.get("p1")).toHaveLength(2);
	expect(feeds.get("p2")).toHaveLength(1);
});

test("a stream that was refused is opened anew at the next look, never beside another", async () => {
	const { jobs, feeds, feed } = await connected([aProject("p1")]);
	feed("p1").become({ kind: "refused", sinceMs: 3, reason: "Sign in again." });
	expect(jobs.snapshot.state).toMatchObject({ kind: "offline", sinceMs: 3, reason: "Sign in again." });
	await jobs.look();
	expect(feeds.get("p1")?.map(({ isDisposed }) => isDisposed)).toEqual([true, false]);
});

describe("while the relay is away", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	test("what was known stays, with the reason, and it is looked for again soon", async () => {
		const { jobs, feed, relay } = await connected([aProject("p1")], () => [aJob({ projectId: "p1" })]);
		await feed("p1").reader.fetchAnew("10", signal);
		relay.isAway = true;
		await vi.advanceTimersByTimeAsync(60_000);
		expect(jobs.snapshot.state).toMatchObject({ kind: "offline", reason: "The relay is away." });
		expect(jobs.snapshot.jobs.size).toBe(1);
		relay.isAway = false;
		relay.projects = [aProject("p1"), aProject("p9")];
		await vi.advanceTimersByTimeAsync(5_000);
		expect(jobs.snapshot.projects.map(({ id }) => id)).toEqual(["p1", "p9"]);
		jobs.dispose();
	});

	test("a stream that lives again has the projects read at once", async () => {
		const { jobs, feed, relay } = await connected([aProject("p1")]);
		relay.isAway = true;
		await vi.advanceTimersByTimeAsync(3_600_000);
		relay.isAway = false;
		relay.projects = [aProject("p1"), aProject("p9")];
		feed("p1").become({ kind: "live", sinceMs: 0 });
		await vi.advanceTimersByTimeAsync(0);
		expect(jobs.snapshot.projects.map(({ id }) => id)).toEqual(["p1", "p9"]);
		jobs.dispose();
	});

	test("a project that is listed and whose stream is always gone is tried ever less often", async () => {
		const { jobs, feeds, feed } = await connected([aProject("p1")]);
		const giveUp = async (ms: number) => {
			for (let left = ms; left > 0; left -= 500) {
				if (feed("p1").state.kind !== "gone") feed("p1").become({ kind: "gone", sinceMs: 0, reason: "Nothing here." });
				await vi.advanceTimersByTimeAsync(500);
			}
		};
		await giveUp(600_000);
		expect(feeds.get("p1")?.length).toBeGreaterThan(15);
		expect(feeds.get("p1")?.length).toBeLessThan(50);
		jobs.dispose();
	});

	test("nothing is asked or told any more after the end", async () => {
		const { jobs, feed, relay, changes } = await connected([aProject("p1")]);
		jobs.dispose();
		expect(feed("p1").isDisposed).toBe(true);
		changes.length = 0;
		relay.projects = [];
		await vi.advanceTimersByTimeAsync(600_000);
		feed("p1").become({ kind: "live", sinceMs: 0 });
		expect(changes).toEqual([]);
	});
});
