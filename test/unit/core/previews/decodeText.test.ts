import { expect, test } from "vitest";
import { decodeText, languageOf } from "../../../../src/core/previews/decodeText";
import { hexLines } from "../../../../src/core/previews/hexLines";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("a text cut at any byte is a text without the cut character", () => {
	const text = "aé損😀z";
	const bytes = bytesOf(text);
	for (let cut = 0; cut <= bytes.length; cut++) {
		const decoded = decodeText(bytes.subarray(0, cut), false);
		expect(decoded, `${cut}`).not.toBeNull();
		expect(text.startsWith(decoded ?? "?")).toBe(true);
		expect(bytesOf(decoded ?? "").length).toBeGreaterThan(cut - 4);
	}
});

test("a whole file that ends inside a character is no text", () => {
	expect(decodeText(bytesOf("é").subarray(0, 1), true)).toBeNull();
});

test("UTF-16 with its mark is text, bytes with a zero are not", () => {
	expect(decodeText(Buffer.from("\ufeffhé", "utf16le"), true)).toBe("hé");
	expect(decodeText(Buffer.from("\ufeffhé", "utf16le").swap16(), true)).toBe("hé");
	expect(decodeText(Buffer.from("a\0b"), true)).toBeNull();
	expect(decodeText(Buffer.from([0xff, 0x00, 0x41]), true)).toBeNull();
});

test("the language is told by the ending, and nothing is inherited", () => {
	expect([languageOf("py"), languageOf("html"), languageOf("xyz"), languageOf("constructor")]).toEqual([
		"python",
		"html",
		null,
		null,
	]);
});

test("bytes are shown with their place and what of them is ASCII", () => {
	expect(hexLines(Buffer.from("Gamma\0\xff — sixteen", "latin1"))).toBe(
		"00000000  47 61 6d 6d 61 00 ff 20 14 20 73 69 78 74 65 65  Gamma.. . sixtee\n" +
			"00000010  6e                                               n",
	);
});
