import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { WireError, WireReader } from "../../../../src/core/tensorboard/wireReader";

function readerOf(bytes: Uint8Array, from = 0, to = bytes.length): WireReader {
	return new WireReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), from, to);
}

test("walks the fields of a message", () => {
	const reader = readerOf(
		new BinaryWriter().tag(1, 1).double(0.5).tag(200, 2).string("é").tag(3, 0).int64(-5).finish(),
	);
	expect(reader.next() && reader.view.getFloat64(reader.from, true)).toBe(0.5);
	expect(reader.next() && [reader.field, reader.text()]).toEqual([200, "é"]);
	expect(reader.next() && reader.int64()).toBe(-5);
	expect(reader.next()).toBe(false);
});

test.each([
	["0"],
	["1"],
	["127"],
	["128"],
	["4294967295"],
	["4294967296"],
	["9007199254740991"],
	["-1"],
	["-9007199254740991"],
])("reads %s as a 64-bit number", (number) => {
	const reader = readerOf(new BinaryWriter().tag(1, 0).int64(number).finish());
	expect(reader.next() && reader.int64()).toBe(Number(number));
});

test("stays inside its message, though the view goes on", () => {
	// Field 1 with three bytes, of which the message has two.
	const bytes = Uint8Array.from([0x0a, 3, 1, 2, 3, 4, 5, 6]);
	expect(() => readerOf(bytes, 0, 4).next()).toThrow(WireError);
	expect(readerOf(bytes, 0, 5).next()).toBe(true);
	expect(() => readerOf(Uint8Array.from([0x08, 0x80, 0x80, 1]), 0, 3).next()).toThrow(WireError);
	expect(() => readerOf(Uint8Array.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 0, 8).next()).toThrow(WireError);
});

test("refuses a number without an end, and groups", () => {
	expect(() => readerOf(Uint8Array.from([0x08, ...Array(11).fill(0xff), 1])).next()).toThrow(WireError);
	expect(() => readerOf(Uint8Array.from([0x0b, 0x0c])).next()).toThrow(WireError);
});
