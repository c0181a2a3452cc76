import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPickle } from "../../../../src/core/artifacts/readPickle";
import {
	demandReasonableHeader,
	readSafetensors,
	safetensorsHeaderBytes,
} from "../../../../src/core/artifacts/readSafetensors";
import { readTorchState } from "../../../../src/core/artifacts/readTorchState";
import { joinShards, parseShardIndex } from "../../../../src/core/artifacts/shardIndex";
import { GammaError } from "../../../../src/shared/errors";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const isUnreadable = (error: unknown) => GammaError.is(error, "artifact.unreadable");

function headerOf(length: bigint): Uint8Array {
	const bytes = new Uint8Array(64).fill(0x20);
	new DataView(bytes.buffer).setBigUint64(0, length, true);
	bytes[8] = 0x7b;
	return bytes;
}

describe("safetensors headers that lie", () => {
	const read = (header: unknown, dataBytes: number | null = 40) =>
		readSafetensors(new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header)), dataBytes);
	const tensor = { dtype: "F32", shape: [10], data_offsets: [0, 40] };

	test("a length of 2^63, or beyond the file, is none", () => {
		expect(safetensorsHeaderBytes(headerOf(2n ** 63n), 64)).toBeNull();
		expect(safetensorsHeaderBytes(headerOf(2n ** 63n), null)).toBeNull();
		expect(safetensorsHeaderBytes(headerOf(57n), 64)).toBeNull();
		expect(safetensorsHeaderBytes(headerOf(56n), 64)).toBe(56);
	});

	test("one that is larger than any model's is refused before it is read", () => {
		expect(() => demandReasonableHeader(1e9)).toThrow(/larger than that of any model/);
		expect(() => demandReasonableHeader(1e6)).not.toThrow();
	});

	test.each([
		["no JSON", "{"],
		["nested two hundred thousand times", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
		["a list", []],
		["a tensor that ends before it begins", { a: { ...tensor, data_offsets: [40, 0] } }],
		["a tensor beyond the file", { a: { ...tensor, data_offsets: [4, 44] } }],
		["a shape of another size", { a: { ...tensor, shape: [11] } }],
		["a negative size", { a: { ...tensor, shape: [-10] } }],
		["a shape beyond all numbers", { a: { ...tensor, shape: [1e300, 1e300] } }],
		["no offsets", { a: { dtype: "F32", shape: [10] } }],
	])("%s is one sentence", (_name, header) => {
		expect(() => read(header)).toThrow(/^It cannot be shown: its header [^\n]{1,200}\.$/);
	});

	test("names of an object's own machinery are names", () => {
		const { tensors } = read(`{"__proto__": ${JSON.stringify(tensor)}, "constructor": ${JSON.stringify(tensor)}}`);
		expect(tensors.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
	});
});

describe("an index of files that lies", () => {
	test.each([
		["no JSON", "{"],
		["a list", "[]"],
		["no map", "{}"],
		["a map of numbers", '{"weight_map": {"a": 1}}'],
		["a file above", '{"weight_map": {"a": "../../x.safetensors"}}'],
		["a file elsewhere", '{"weight_map": {"a": "/etc/passwd"}}'],
		["a file of Windows", '{"weight_map": {"a": "C:\\\\x"}}'],
		["a hidden file", '{"weight_map": {"a": ".ssh"}}'],
		["a file without a name", '{"weight_map": {"a": ""}}'],
		[
			"files without end",
			JSON.stringify({ weight_map: Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [at, `${at}.bin`])) }),
		],
	])("%s is one sentence", (_name, text) => {
		expect(() => parseShardIndex(text)).toThrow(/^It cannot be shown: its index [^\n]{1,100}\.$/);
	});

	test("any text is an index or one sentence", () => {
		const names = fc.oneof(fc.string(), fc.constantFrom("a.bin", "../x", "__proto__"));
		const map = fc.dictionary(names, names).map((weight_map) => JSON.stringify({ weight_map }));
		fc.assert(
			fc.property(fc.oneof(fc.json(), map), (text) => {
				try {
					const index = parseShardIndex(text);
					for (const name of index.shards) expect(name).toMatch(/^[^./\\\0][^/\\\0]*$/);
					expect(joinShards(index, new Map()).tensors).toEqual([]);
				} catch (error) {
					expect(isUnreadable(error)).toBe(true);
				}
			}),
		);
	});
});

describe("pickles that lie", () => {
	test.each([
		["nothing", ""],
		["an end with nothing before", "."],
		["a text that is longer than the file", "X\xff\xff\xff\x7fabc."],
		["a memory that was never filled", "h\x05."],
		["a member of a number", "K\x01K\x02a."],
		["no mark", "t."],
		["an unknown instruction", "\xfe."],
		["a line without an end", "cos"],
		["a number of a megabyte", `\x8b\x00\x00\x10\x00${"\x7f".repeat(2 ** 20)}.`],
	])("%s is one sentence", (_name, text) => {
		expect(() => readPickle(bytesOf(text))).toThrow(/^It cannot be shown: its pickle [^\n]{1,100}\.$/);
	});

	test("a call is noted and not made", () => {
		const { value } = readPickle(bytesOf("cos\nsystem\n(S'touch /tmp/x'\ntR."));
		expect(value).toMatchObject({ kind: "call", items: [{ name: "os.system" }, { items: ["touch /tmp/x"] }] });
	});

	test("a list that is its own member, and one of a hundred thousand levels, have an end", () => {
		const itself = readPickle(bytesOf("]q\x00h\x00a.")).value;
		expect(readTorchState(itself).tensors).toEqual([]);
		const deep = readPickle(bytesOf(`${"]".repeat(100_000)}${"a".repeat(99_999)}.`)).value;
		expect(readTorchState(deep).tensors).toEqual([]);
	});

	test("any bytes are a value or one sentence", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				try {
					readTorchState(readPickle(bytes).value);
				} catch (error) {
					expect(isUnreadable(error)).toBe(true);
				}
			}),
			{ numRuns: 500 },
		);
	});

	test("so is any program of real instructions", () => {
		const codes = [
			..."(.012FGIJKLMNPQRSTUVX]abcde}ghijloprstu)q",
			"\x80",
			"\x81",
			"\x85",
			"\x88",
			"\x8a",
			"\x8c",
			"\x93",
			"\x94",
		];
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...codes, "\n", "0", "\x01", "\x00"), { maxLength: 60 }), (program) => {
				try {
					readTorchState(readPickle(bytesOf(`${program.join("")}.`)).value);
				} catch (error) {
					expect(isUnreadable(error)).toBe(true);
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});
