import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LogEvent, type LogStreams, MergedStreams } from "../../../../src/core/jobs/mergedStreams";

/** Streams that are handed out in pages of `size`, as CloudWatch does: a token that comes back says that this was all. */
class Streams implements LogStreams {
	readonly written = new Map<string, LogEvent[]>();
	asked: string[] = [];
	failNext: Error | null = null;
	constructor(private readonly size = 2) {}

	write(name: string, ...events: readonly (readonly [timestampMs: number, text: string])[]): this {
		const before = this.written.get(name) ?? [];
		this.written.set(name, [...before, ...events.map(([timestampMs, text]) => ({ timestampMs, text }))]);
		return this;
	}

	async names() {
		return [...this.written.keys()];
	}

	async page(name: string, token: string | null) {
		this.asked.push(`${name} ${token}`);
		const failure = this.failNext;
		this.failNext = null;
		if (failure) throw failure;
		const from = Number(token ?? 0);
		const events = (this.written.get(name) ?? []).slice(from, from + this.size);
		return { events, token: String(from + events.length) };
	}
}

async function all(merged: MergedStreams): Promise<string> {
	let text = "";
	for (let hasMore = true; hasMore; ) {
		const pulled = await merged.pull();
		text += pulled.text;
		hasMore = pulled.hasMore;
	}
	return text;
}

describe("one machine", () => {
	test("its lines as they are, over pages, and then what comes", async () => {
		const streams = new Streams().write("t/algo-1-1", [1, "a"], [2, "b"], [3, "c\n"], [3, "d\r"]);
		const merged = new MergedStreams(streams);
		expect(await all(merged)).toBe("a\nb\nc\nd\r\n");
		expect(await all(merged)).toBe("");
		streams.write("t/algo-1-1", [9, "e"]);
		expect(await all(merged)).toBe("e\n");
	});

	test("a machine that starts again goes on in a stream of its own, without being named", async () => {
		const streams = new Streams().write("t/algo-1-1", [1, "first"]).write("t/algo-1-2", [5, "again"]);
		expect(await all(new MergedStreams(streams))).toBe("first\nagain\n");
	});

	test("no stream yet is an empty text, and is asked for again", async () => {
		const streams = new Streams();
		const merged = new MergedStreams(streams);
		expect(await merged.pull()).toEqual({ text: "", hasMore: false });
		streams.write("t/algo-1-1", [1, "a"]);
		expect(await all(merged)).toBe("a\n");
	});

	test("after a failure it goes on where it was", async () => {
		const streams = new Streams().write("t/algo-1-1", [1, "a"], [2, "b"], [3, "c"]);
		const merged = new MergedStreams(streams);
		expect((await merged.pull()).text).toBe("a\nb\n");
		streams.failNext = new Error("busy");
		await expect(merged.pull()).rejects.toThrow("busy");
		expect(await all(merged)).toBe("c\n");
	});
});

describe("several machines", () => {
	test("lines by time, each with its machine, also the lines of one message", async () => {
		const streams = new Streams()
			.write("t/algo-1-7", [1, "one"], [4, "four\nand"], [5, "five"])
			.write("t/algo-2-7", [2, "two"], [3, "three"], [6, "six"]);
		expect(await all(new MergedStreams(streams))).toBe(
			"[algo-1] one\n[algo-2] two\n[algo-2] three\n[algo-1] four\n[algo-1] and\n[algo-1] five\n[algo-2] six\n",
		);
	});

	test("a progress bar that is drawn over itself keeps its machine", async () => {
		const streams = new Streams().write("t/algo-1-7", [1, "10%\r100%\r"], [2, "a\r\nb"]).write("t/algo-2-7", [9, "x"]);
		expect(await all(new MergedStreams(streams))).toBe(
			"[algo-1] 10%\r[algo-1] 100%\r\n[algo-1] a\r\n[algo-1] b\n[algo-2] x\n",
		);
	});

	test("one that joins later is found", async () => {
		const streams = new Streams(10).write("t/algo-1-1", [1, "a"]);
		const merged = new MergedStreams(streams);
		expect(await all(merged)).toBe("a\n");
		streams.write("t/algo-2-1", [2, "b"]);
		let text = "";
		for (let pulls = 0; pulls < 6; pulls++) text += await all(merged);
		expect(text).toBe("[algo-2] b\n");
	});

	test("whatever the pages, every line once and none before an earlier one", async () => {
		const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
		await fc.assert(
			fc.asyncProperty(
				fc.array(times, { minLength: 1, maxLength: 4 }),
				fc.integer({ min: 1, max: 7 }),
				async (all_, size) => {
					const streams = new Streams(size);
					for (const [machine, given] of all_.entries()) {
						const sorted = [...given].sort((a, b) => a - b);
						streams.write(
							`t/algo-${machine + 1}-0`,
							...sorted.map((at, n) => [at, `${at} m${machine} n${n}`] as const),
						);
					}
					const lines = (await all(new MergedStreams(streams))).split("\n").filter((line) => line !== "");
					const told = lines.map((line) => Number(/^(?:\[algo-\d\] )?(\d+) /.exec(line)?.[1]));
					expect(told).toEqual(all_.flat().sort((a, b) => a - b));
					expect(new Set(lines).size).toBe(lines.length);
				},
			),
		);
	});
});
