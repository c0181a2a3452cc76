import { BinaryWriter } from "@bufbuild/protobuf/wire";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunLog, textOfTensor } from "../../../../src/core/tensorboard/runLog";
import { scanRecords } from "../../../../src/core/tensorboard/scanRecords";
import {
	headerClaiming,
	record,
	restartEvent,
	scalarEvent,
	summaryEvent,
	versionEvent,
} from "../../../support/eventBytes";

function logOf(...records: Uint8Array[]): RunLog {
	const log = new RunLog();
	scan(Buffer.concat(records), log);
	return log;
}

function scan(bytes: Buffer, log: RunLog) {
	return scanRecords(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, log);
}

function points(log: RunLog, tag: string): number[][] {
	const series = log.series(tag);
	return Array.from(series?.steps ?? [], (step, at) => [step, series!.values[at]!]);
}

const floatTensor = (value: number) => new BinaryWriter().tag(1, 0).int32(1).tag(5, 5).float(value).finish();

describe("scalars", () => {
	test("are read whether or not the event has the usual shape", () => {
		const steps = [0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 3_000_000_000, -3];
		const log = logOf(versionEvent(), ...steps.map((step) => scalarEvent("loss", step, 0.5, 1e9)));
		expect(points(log, "loss")).toEqual([...steps].sort((a, b) => a - b).map((step) => [step, 0.5]));
	});

	test("keep apart tags whose names begin alike, are empty, long or not ASCII", () => {
		const tags = ["a", "ab", "", "é", "損失", "x".repeat(110), "x".repeat(111), "y".repeat(5000), "__proto__"];
		const log = logOf(versionEvent(), ...[1, 2].flatMap((step) => tags.map((tag) => scalarEvent(tag, step, step))));
		for (const tag of tags)
			expect(points(log, tag), tag).toEqual([
				[1, 1],
				[2, 2],
			]);
		expect(
			log
				.lastValues()
				.map(([tag]) => tag)
				.sort(),
		).toEqual([...tags].sort());
	});

	test("are not taken for the tag that usually follows when that only begins alike", () => {
		const tags = ["a", "loss", "a", "lo", "a", "loss2", "a", "loss"];
		const log = logOf(versionEvent(), ...tags.map((tag, step) => scalarEvent(tag, step, step)));
		expect(log.lastValues()).toEqual([
			["a", 6],
			["lo", 3],
			["loss", 7],
			["loss2", 5],
		]);
		expect(points(log, "loss").length).toBe(2);
	});

	test("of which the first fills the usual shape but is not alone are both read", () => {
		const log = logOf(
			versionEvent(),
			summaryEvent(1, 1, [
				{ tag: "a", simple: 1 },
				{ tag: "a", simple: 2 },
			]),
			summaryEvent(2, 2, [{ tag: "a", simple: 3, plugin: "" }]),
		);
		expect(points(log, "a")).toEqual([
			[1, 1],
			[1, 2],
			[2, 3],
		]);
	});

	test("several in one event, and the order of tags changing, mix nothing up", () => {
		const log = logOf(
			versionEvent(),
			summaryEvent(1, 1, [
				{ tag: "a", simple: 1 },
				{ tag: "b", simple: 2 },
			]),
			summaryEvent(2, 2, [
				{ tag: "b", simple: 3 },
				{ tag: "a", simple: 4 },
			]),
			summaryEvent(3, 3, [
				{ tag: "a", simple: 5 },
				{ tag: "a", simple: 6 },
			]),
		);
		expect(points(log, "a")).toEqual([
			[1, 1],
			[2, 4],
			[3, 5],
			[3, 6],
		]);
		expect(points(log, "b")).toEqual([
			[1, 2],
			[2, 3],
		]);
	});

	test("of the new style count only with plugin scalars on the tag's first record", () => {
		const log = logOf(
			versionEvent(),
			summaryEvent(0, 1, [{ tag: "a", tensor: floatTensor(1), plugin: "scalars" }]),
			summaryEvent(1, 2, [{ tag: "a", tensor: floatTensor(2) }]),
			summaryEvent(0, 1, [{ tag: "other", tensor: floatTensor(1), plugin: "histograms" }]),
			summaryEvent(1, 2, [{ tag: "other", tensor: floatTensor(1), plugin: "scalars" }]),
		);
		expect(points(log, "a")).toEqual([
			[0, 1],
			[1, 2],
		]);
		expect(log.series("other")).toBeNull();
	});

	test("of any number type are read from every field a tensor may have", () => {
		const typed = (type: number, write: (writer: BinaryWriter) => BinaryWriter) =>
			write(new BinaryWriter().tag(1, 0).int32(type)).finish();
		const content = (type: number, bytes: number[]) => typed(type, (w) => w.tag(4, 2).bytes(Uint8Array.from(bytes)));
		const cases: [Uint8Array, number | null][] = [
			[typed(1, (w) => w.tag(5, 2).bytes(new Uint8Array(new Float32Array([1.5]).buffer))), 1.5],
			[typed(2, (w) => w.tag(6, 1).double(0.1)), 0.1],
			[typed(2, (w) => w.tag(6, 2).bytes(new Uint8Array(new Float64Array([0.1]).buffer))), 0.1],
			[typed(3, (w) => w.tag(7, 0).int32(-7)), -7],
			[typed(3, (w) => w.tag(7, 2).bytes(new BinaryWriter().int32(-7).finish())), -7],
			[typed(9, (w) => w.tag(10, 0).int64(-9)), -9],
			[typed(10, (w) => w.tag(11, 0).bool(true)), 1],
			[typed(23, (w) => w.tag(17, 0).uint64("18446744073709551615")), 2 ** 64],
			[typed(19, (w) => w.tag(13, 0).int32(0x3e00)), 1.5],
			[typed(14, (w) => w.tag(13, 0).int32(0x3fc0)), 1.5],
			[content(19, [0, 0x3e]), 1.5],
			[content(19, [0, 0xfc]), Number.NEGATIVE_INFINITY],
			[content(14, [0xc0, 0x3f]), 1.5],
			[content(6, [0xff]), -1],
			[content(4, [0xff]), 255],
			[content(5, [0xff, 0xff]), -1],
			[content(17, [0xff, 0xff]), 65535],
			[content(22, [0xff, 0xff, 0xff, 0xff]), 2 ** 32 - 1],
			[content(1, [0, 0, 0]), null],
			[content(7, [1]), null],
			[typed(1, (w) => w.tag(5, 5).float(1).tag(5, 5).float(2)), null],
			[typed(1, (w) => w), null],
		];
		for (const [tensor, wanted] of cases) {
			const log = logOf(versionEvent(), summaryEvent(0, 1, [{ tag: "a", tensor, plugin: "scalars" }]));
			expect(points(log, "a")).toEqual(wanted === null ? [] : [[0, wanted]]);
		}
	});

	test("have as last value the one of the greatest step, then timestamp, then value", () => {
		const log = logOf(
			versionEvent(),
			scalarEvent("a", 5, 50, 100),
			scalarEvent("a", 5, 51, 101),
			scalarEvent("a", 5, 49, 101),
			scalarEvent("a", 4, 99, 200),
		);
		expect(log.lastValues()).toEqual([["a", 51]]);
		expect(points(log, "a")).toEqual([
			[5, 50],
			[5, 49],
			[5, 51],
			[4, 99],
		]);
	});
});

describe("a restart", () => {
	test("drops what was logged at or after its step", () => {
		const log = logOf(
			versionEvent(),
			...[0, 1, 2, 3].map((step) => scalarEvent("a", step, step)),
			summaryEvent(3, 3, [{ tag: "new", tensor: floatTensor(3), plugin: "scalars" }]),
			restartEvent(2),
			scalarEvent("a", 2, 20),
		);
		expect(points(log, "a")).toEqual([
			[0, 0],
			[1, 1],
			[2, 20],
		]);
		// TensorBoard's EventAccumulator drops no tensors.
		expect(points(log, "new")).toEqual([[3, 3]]);
	});

	test("of a writer before version 2 is a step that goes back, and costs only its own tags", () => {
		const log = logOf(
			versionEvent("brain.Event:1"),
			...[0, 1, 2, 3].flatMap((step) => [scalarEvent("a", step, step), scalarEvent("b", step, step)]),
			scalarEvent("a", 1, 10),
		);
		expect(points(log, "a")).toEqual([
			[0, 0],
			[1, 10],
		]);
		expect(points(log, "b")).toEqual([
			[0, 0],
			[1, 1],
			[2, 2],
			[3, 3],
		]);
	});

	test("is not seen in a step that goes back in a newer file", () => {
		const log = logOf(versionEvent(), scalarEvent("a", 3, 3), scalarEvent("a", 1, 1, 1e9));
		expect(points(log, "a").length).toBe(2);
	});
});

describe("texts", () => {
	test("of several rows and columns become lines and bars", () => {
		const dimension = (size: number) => new BinaryWriter().tag(1, 0).int64(size).finish();
		const shape = new BinaryWriter().tag(2, 2).bytes(dimension(2)).tag(2, 2).bytes(dimension(2)).finish();
		const tensor = new BinaryWriter().tag(1, 0).int32(7).tag(2, 2).bytes(shape);
		for (const cell of ["a", "b", "c", "<b>"]) tensor.tag(8, 2).string(cell);
		expect(textOfTensor(tensor.finish())).toBe("a | b\nc | <b>");
	});
});

describe("damage", () => {
	const sound = [versionEvent(), ...[0, 1, 2, 3].map((step) => scalarEvent("loss", step, step + 0.25))];
	const file = Buffer.concat(sound);
	/** Where each record starts. */
	const starts = sound.map((_, at) => Buffer.concat(sound.slice(0, at)).length);

	test("of any one byte costs one record, or what comes after a broken frame, and adds nothing", () => {
		for (let at = 0; at < file.length; at++) {
			for (const flip of [1, 0x80, 0xff]) {
				const damaged = Buffer.from(file);
				damaged[at] = damaged[at]! ^ flip;
				const log = new RunLog();
				const result = scan(damaged, log);
				const hit = starts.findLastIndex((start) => start <= at);
				const isFrame = at - starts[hit]! < 12;
				const wanted = [0, 1, 2, 3].filter((step) => (isFrame ? step + 1 < hit : step + 1 !== hit));
				// A damaged version record puts the older rule for restarts in force, which drops nothing here.
				expect(points(log, "loss")).toEqual(wanted.map((step) => [step, step + 0.25]));
				expect(result.isBroken).toBe(isFrame);
				expect(log.damagedRecords).toBe(isFrame ? 0 : 1);
			}
		}
	});

	test("by a cut at any byte leaves the records before it, and what comes later is read from there", () => {
		for (let cut = 0; cut <= file.length; cut++) {
			const log = new RunLog();
			const first = scan(file.subarray(0, cut), log);
			expect(first.isBroken).toBe(false);
			expect(points(log, "loss").length).toBe(
				Math.max(0, starts.filter((start) => start <= cut).length - 2 + Number(cut === file.length)),
			);
			expect(first.next + first.needed).toBeGreaterThan(cut);
			scan(file.subarray(first.next), log);
			expect(points(log, "loss").length).toBe(4);
		}
	});

	test("a length of 2^63 or 3 GiB with a right checksum is a broken frame, and nothing waits for it", () => {
		for (const length of [2n ** 63n, 2n ** 64n - 1n, 3n * 2n ** 30n]) {
			const log = new RunLog();
			expect(scan(Buffer.concat([file, headerClaiming(length)]), log)).toMatchObject({
				next: file.length,
				isBroken: true,
			});
		}
	});

	test("a length of 1 GiB waits for that many bytes", () => {
		const result = scan(Buffer.concat([file, headerClaiming(2n ** 30n)]), new RunLog());
		expect(result).toEqual({ next: file.length, needed: 2 ** 30 + 16, isBroken: false });
	});

	test("a record that is no protobuf, checksum or not, costs itself", () => {
		const garbage = [
			Buffer.alloc(30, 0xff),
			Buffer.from([0x0a]),
			Buffer.from([0x2a, 0x7f]),
			Buffer.from([0x2a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
			Buffer.from([0x13]),
			// The usual shape, but for the length of its value.
			Buffer.from([0x09, ...Array(8).fill(0), 0x2a, 10, 0x0a, 9, 0x0a, 1, 0x61, 0x15, 0, 0, 0, 0]),
		];
		const log = logOf(file, ...garbage.map(record), scalarEvent("loss", 4, 4.25));
		expect(log.damagedRecords).toBe(garbage.length);
		expect(points(log, "loss").length).toBe(5);
	});

	test("of any kind never throws and never takes long", () => {
		void fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (events) => {
				logOf(versionEvent(), ...events.map(record));
			}),
			{ numRuns: 300 },
		);
	});
});
