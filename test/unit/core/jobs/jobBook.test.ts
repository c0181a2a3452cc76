import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JobBook } from "../../../../src/core/jobs/jobBook";
import type { RelayEvent } from "../../../../src/core/relay/relay";
import type { Job } from "../../../../src/shared/relay/job";
import { aJob } from "../../../support/aJob";

const setting = { repository: "ada/digits", isOwn: true, url: null };
const aBook = () => new JobBook(() => setting);
const row = (id: number, job: Job, kind: "job.created" | "job.updated" = "job.updated"): RelayEvent => ({
	id: String(id),
	kind,
	data: job,
});
const metric = (
	id: number,
	jobId: string,
	step: number | null,
	metrics: Record<string, number | "NaN">,
): RelayEvent => ({
	id: String(id),
	kind: "job.metric",
	data: { jobId, step, metrics },
});
const log = (id: number, jobId: string, sizeBytes: number): RelayEvent => ({
	id: String(id),
	kind: "job.log",
	data: { jobId, sizeBytes },
});

/** Two jobs' whole lives, as a relay tells them. */
const story: readonly RelayEvent[] = [
	row(1, aJob({ id: "a", status: "pending", startedAt: null }), "job.created"),
	row(2, aJob({ id: "a" })),
	log(3, "a", 100),
	row(4, aJob({ id: "b", status: "pending", startedAt: null }), "job.created"),
	metric(5, "a", 10, { loss: 0.9, "val/acc": 0.5 }),
	row(7, aJob({ id: "a", progress: 0.4 })),
	metric(8, "a", null, { lr: 0.1 }),
	row(9, aJob({ id: "b" })),
	metric(11, "a", 20, { loss: 0.5 }),
	metric(12, "b", 1, { loss: "NaN" }),
	log(13, "a", 250),
	row(14, aJob({ id: "a", status: "failed", reason: "CUDA out of memory", completedAt: "2026-01-01T00:30:00.000Z" })),
	row(15, aJob({ id: "b", status: "stopped", completedAt: "2026-01-01T00:31:00.000Z" })),
];
const nowMs = 1_767_000_000_000;
const told = (book: JobBook) => [...book.jobs.values()].sort((one, other) => (one.job.id < other.job.id ? -1 : 1));
const expected = () => {
	const book = aBook();
	book.take(story, nowMs);
	return told(book);
};

describe("events", () => {
	test("make jobs with their last metrics, step and log", () => {
		const [a, b] = expected();
		expect(a).toMatchObject({
			job: { id: "a", status: "failed", reason: "CUDA out of memory" },
			...setting,
			metrics: { loss: 0.5, "val/acc": 0.5, lr: 0.1 },
			step: 20,
			logSizeBytes: 250,
			lastSignMs: nowMs,
		});
		expect(b).toMatchObject({ job: { status: "stopped" }, metrics: { loss: Number.NaN }, logSizeBytes: null });
	});

	test("told in any order, any number of times, in any pieces, come to the same", () => {
		const anyTelling = fc
			.array(fc.constantFrom(...story), { maxLength: 15 })
			.chain((repeats) => fc.shuffledSubarray([...story, ...repeats], { minLength: story.length + repeats.length }));
		void fc.assert(
			fc.property(anyTelling, fc.integer({ min: 1, max: 5 }), (telling, size) => {
				const book = aBook();
				for (let at = 0; at < telling.length; at += size) book.take(telling.slice(at, at + size), nowMs);
				expect(told(book)).toEqual(expected());
			}),
		);
	});

	test("that are told again change nothing, not even the time of the last sign", () => {
		const book = aBook();
		book.take(story, nowMs);
		expect(book.take(story, nowMs + 60_000)).toEqual([]);
		expect(told(book)).toEqual(expected());
	});

	test("of a job that no list has told yet wait for it", () => {
		const book = aBook();
		expect(book.take([metric(5, "a", 10, { loss: 0.9 })], nowMs)).toEqual([]);
		expect(book.jobs.size).toBe(0);
		expect(book.replace("project1", [aJob({ id: "a" })], "6", nowMs)).toEqual(["a"]);
		expect(book.jobs.get("a")?.metrics).toEqual({ loss: 0.9 });
	});

	test("of other kinds change no job", () => {
		const book = aBook();
		book.take(story, nowMs);
		expect(book.take([{ id: "99", kind: "reset", data: {} }], nowMs + 1)).toEqual([]);
	});
});

/** The rows that a list asked for at that place of the story holds. */
const listAt = (place: number): readonly Job[] => {
	const book = aBook();
	book.take(story.slice(0, place), nowMs);
	return told(book).map(({ job }) => job);
};

describe("a list", () => {
	test("asked for anywhere, with the stream begun anywhere before, comes to the same jobs", () => {
		const place = fc.integer({ min: 0, max: story.length });
		void fc.assert(
			fc.property(place, place, (opened, asked) => {
				const [from, listed] = [Math.min(opened, asked), Math.max(opened, asked)];
				const book = aBook();
				// The list may know more than the place at which the stream stood when it was asked for.
				book.replace("project1", listAt(listed), story[from - 1]?.id ?? "0", nowMs);
				let wasEnded = false;
				for (const event of story.slice(from)) {
					book.take([event], nowMs);
					const isEnded = book.jobs.get("a")?.job.status === "failed";
					expect(wasEnded && !isEnded).toBe(false);
					wasEnded = isEnded;
				}
				expect(told(book).map(({ job }) => job)).toEqual(expected().map(({ job }) => job));
			}),
		);
	});

	test("lets go of jobs that it does not hold, but not of what came since", () => {
		const book = aBook();
		book.take(story.slice(0, 2), nowMs);
		book.take([row(40, aJob({ id: "new" }), "job.created")], nowMs);
		book.replace("project2", [aJob({ id: "other", projectId: "project2" })], "30", nowMs);
		expect(book.replace("project1", [aJob({ id: "b" })], "30", nowMs)).toEqual(["a", "b"]);
		expect([...book.jobs.keys()].sort()).toEqual(["b", "new", "other"]);
	});

	test("counts as a sign of what goes on, and leaves what has ended at its time", () => {
		const book = aBook();
		const completedAt = "2026-01-01T00:30:00.000Z";
		book.replace("project1", [aJob({ id: "a" }), aJob({ id: "b", status: "failed", completedAt })], "1", nowMs);
		expect(book.jobs.get("a")?.lastSignMs).toBe(nowMs);
		expect(book.jobs.get("b")?.lastSignMs).toBe(Date.parse(completedAt));
	});

	test("that tells nothing new changes nothing", () => {
		const book = aBook();
		book.take(story, nowMs);
		expect(book.replace("project1", listAt(story.length), "15", nowMs + 60_000)).toEqual([]);
		expect(told(book)).toEqual(expected());
	});
});

test("a project that is not shown any more takes its jobs along", () => {
	const book = aBook();
	book.take(story, nowMs);
	book.take([row(20, aJob({ id: "other", projectId: "project2" }))], nowMs);
	expect(book.keepProjects(new Set(["project2"]))).toEqual(["a", "b"]);
	expect([...book.jobs.keys()]).toEqual(["other"]);
});

test("whose a job is may become known later", () => {
	let isOwn = false;
	const book = new JobBook(() => ({ ...setting, isOwn }));
	book.take(story, nowMs);
	expect(book.resettle()).toEqual([]);
	isOwn = true;
	expect(book.resettle()).toEqual(["a", "b"]);
	expect(book.jobs.get("a")?.isOwn).toBe(true);
});

test("a comment makes its job another once, whatever comes twice or late", () => {
	const book = aBook();
	book.take(story, nowMs);
	const comment = (id: number) => ({
		id: String(id),
		kind: "comment.created" as const,
		data: { id: `c${id}`, jobId: "a", author: "ada", text: "x", createdAt: "2026-01-01T00:00:00.000Z" },
	});
	expect(book.jobs.get("a")).not.toHaveProperty("lastCommentEvent");
	expect(book.take([comment(31)], nowMs)).toEqual(["a"]);
	expect(book.take([comment(31), comment(30)], nowMs)).toEqual([]);
	expect(book.jobs.get("a")?.lastCommentEvent).toBe(31);
});
