import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ChartAnswer, ChartQuery } from "../../../../src/shared/chart";
import { GammaError } from "../../../../src/shared/errors";
import { ChartFeed } from "../../../../webview/charts/chartFeed";

const query = (change: Partial<ChartQuery> = {}): ChartQuery => ({
	metric: "loss",
	lines: [
		{ id: "a", runKeys: ["a"] },
		{ id: "b", runKeys: ["b"] },
	],
	xAxis: "step",
	xRange: null,
	logX: false,
	pixels: 448,
	smoothing: 0.6,
	...change,
});

interface Asked {
	query: ChartQuery;
	signal: AbortSignal;
	answer(): void;
	fail(error: Error): void;
}

let asked: Asked[];
let feed: ChartFeed;

beforeEach(() => {
	vi.useFakeTimers();
	asked = [];
	feed = new ChartFeed(
		(sent, signal) =>
			new Promise((resolve, reject) => {
				const answer: ChartAnswer = { metric: sent.metric, lines: [] };
				signal.addEventListener("abort", () => reject(new GammaError("call.cancelled", "cancelled")));
				asked.push({ query: sent, signal, answer: () => resolve(answer), fail: reject });
			}),
		() => {},
	);
});
afterEach(() => {
	vi.useRealTimers();
});

async function settle(): Promise<void> {
	await vi.advanceTimersByTimeAsync(100);
}

test("the same question is asked once, and a hidden run needs no new one", async () => {
	feed.want({ query: query(), revision: 1 });
	feed.want({ query: query(), revision: 1 });
	asked[0]?.answer();
	await settle();
	feed.want({ query: query({ lines: [{ id: "a", runKeys: ["a"] }] }), revision: 1 });
	await settle();
	expect(asked.length).toBe(1);
});

test("a zoom cancels the question under way; many zooms make one question", async () => {
	feed.want({ query: query(), revision: 1 });
	asked[0]?.answer();
	await settle();
	for (let i = 1; i <= 10; i++) feed.want({ query: query({ xRange: [0, i] }), revision: 1 });
	await settle();
	expect(asked.length).toBe(2);
	expect(asked[1]?.query.xRange).toEqual([0, 10]);
	feed.want({ query: query({ xRange: [0, 99] }), revision: 1 });
	await settle();
	expect(asked[1]?.signal.aborted).toBe(true);
	expect(feed.answer).not.toBeNull();
});

test("points that keep coming neither cancel nor starve the question under way", async () => {
	feed.want({ query: query(), revision: 1 });
	for (let revision = 2; revision < 9; revision++) feed.want({ query: query(), revision });
	await settle();
	expect(asked.length).toBe(1);
	expect(asked[0]?.signal.aborted).toBe(false);
	asked[0]?.answer();
	await settle();
	expect(asked.length).toBe(2);
	asked[1]?.answer();
	await settle();
	expect(feed.answered?.revision).toBe(8);
});

test("a failure keeps the picture, is not repeated by itself, and is asked again on request", async () => {
	feed.want({ query: query(), revision: 1 });
	asked[0]?.answer();
	await settle();
	feed.want({ query: query(), revision: 2 });
	await settle();
	asked[1]?.fail(new GammaError("store.busy", "The store is busy."));
	await settle();
	feed.want({ query: query(), revision: 2 });
	await settle();
	expect(feed.state).toMatchObject({ kind: "failed", message: "The store is busy." });
	expect(feed.answer).not.toBeNull();
	expect(asked.length).toBe(2);
	feed.retry();
	asked[2]?.answer();
	await settle();
	expect(feed.state.kind).toBe("answered");
});

test("out of sight, nothing stays under way, and coming back asks anew", async () => {
	feed.want({ query: query(), revision: 1 });
	feed.pause();
	await settle();
	expect(asked[0]?.signal.aborted).toBe(true);
	feed.want({ query: query(), revision: 1 });
	expect(asked.length).toBe(2);
});
