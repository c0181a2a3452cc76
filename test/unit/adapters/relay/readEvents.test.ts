import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toFrame } from "../../../../server/events/frames";
import { EventReader, type StreamStep } from "../../../../src/adapters/relay/readEvents";
import { aJob } from "../../../support/aJob";

const stream = [
	": hello\n\nretry: 2000\nid: 7\n\n",
	toFrame({
		id: "8",
		kind: "job.created",
		data: JSON.stringify(aJob({ message: "ein Wörtchen 🚂" })),
	}),
	":\n\n",
	toFrame({ id: "9", kind: "job.sung", data: '{"by":"ada"}' }),
	toFrame({ id: "10", kind: "job.log", data: '{"jobId":"job1","sizeBytes":"many"}' }),
	toFrame({ id: "11", kind: "job.log", data: '{"jobId":"job1","sizeBytes":5}' }),
	toFrame({ id: "12", kind: "reset", data: "{}" }),
].join("");

function read(pieces: readonly string[]) {
	const unknown: string[] = [];
	const retries: number[] = [];
	const reader = new EventReader({ onUnknown: (kind) => unknown.push(kind), onRetry: (ms) => retries.push(ms) });
	const steps: StreamStep[] = pieces.flatMap((piece) => reader.read(piece));
	return { unknown, retries, steps };
}

test("a stream is read as its steps: where it stands, what happened, and what this version does not know", () => {
	const { unknown, retries, steps } = read([stream]);
	expect(steps.map(({ id, event }) => [id, event?.kind ?? null])).toEqual([
		["7", null],
		["8", "job.created"],
		["9", null],
		["10", null],
		["11", "job.log"],
		["12", "reset"],
	]);
	expect(steps[1]?.event?.data).toEqual(aJob({ message: "ein Wörtchen 🚂" }));
	expect(steps[4]?.event).toEqual({ id: "11", kind: "job.log", data: { jobId: "job1", sizeBytes: 5 } });
	expect(unknown).toEqual(["job.sung", "job.log"]);
	expect(retries).toEqual([2000]);
});

test("wherever it is cut, it reads the same", () => {
	const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 });
	void fc.assert(
		fc.property(cuts, (given) => {
			const places = [0, ...given.sort((a, b) => a - b), stream.length];
			const pieces = places.slice(1).map((end, at) => stream.slice(places[at], end));
			expect(read(pieces)).toEqual(read([stream]));
		}),
	);
});

test("ids that no relay gives are passed by, and half an event is none", () => {
	expect(read(["id: 8; drop\n\nid: -1\n\nid: 5\nevent: reset\ndata: {}"]).steps).toEqual([]);
});

test("what never ends is refused", () => {
	const endless = () => read(Array.from({ length: 10 }, () => `data: ${"x".repeat(1 << 20)}`));
	expect(endless).toThrow();
});
