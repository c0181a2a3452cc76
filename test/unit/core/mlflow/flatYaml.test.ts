import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { parseFlatYaml } from "../../../../src/core/mlflow/flatYaml";

const readBack = (scalar: string) => parseFlatYaml(`a: 1\nname: ${scalar}\nz: 2\n`)?.get("name");

describe("a scalar as PyYAML writes it", () => {
	test.each([
		["resnet", "resnet"],
		["two words: no", undefined],
		["'0'", "0"],
		["'it''s'", "it's"],
		['"a\\tb\\u00e9\\x41\\U0001F680"', "a\tbéA🚀"],
		['"two\\nlines"', "two\nlines"],
		["''", ""],
		["", null],
		["null", null],
		["~", null],
		["3", 3],
		["-12", -12],
		["true", true],
		["1.5", 1.5],
		["[]", null],
		["nän/∞ run", "nän/∞ run"],
		["a #b", undefined],
		["a#b", "a#b"],
		["file:///home/ana/mlruns/0", "file:///home/ana/mlruns/0"],
		["-dash", "-dash"],
		["<b>html</b>", "<b>html</b>"],
	])("%s", (written, value) => {
		expect(readBack(written)).toEqual(value);
	});

	test("plain, folded over lines", () => {
		expect(readBack("one\n  two\n\n  three")).toBe("one two\nthree");
	});

	test("single quoted, folded over lines", () => {
		expect(readBack("'one\n\n\n  two''s\n  end'")).toBe("one\n\ntwo's end");
	});

	test("double quoted, folded with escaped line ends", () => {
		expect(readBack('"one\\\n  \\ two\n  three\\nfour"')).toBe("one two three\nfour");
	});
});

test.each([
	"a: |\n  block\n",
	"a: {b: 1}\n",
	"a: [1]\n",
	"a: &x 1\n",
	"a: *x\n",
	"a: !!str 1\n",
	"- a\n",
	"a:\n  b: 1\n",
	"a: 'open\n",
	'a: "\\q"\n',
	"a: 'x' y\n",
	"---\na: 1\n",
	"a:1\n",
	"\0\x01\x02",
	"? a\n: b\n",
])("%j is left to a whole parser", (text) => {
	expect(parseFlatYaml(text)).toBeNull();
});

test("whatever another YAML writer wrote is read as written, or left to a whole parser", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", maxLength: 120 }), (text) => {
			const written = stringify({ name: text, next: 1 }, { version: "1.1" });
			const read = parseFlatYaml(written);
			if (read !== null) expect(read.get("name"), written).toBe(text);
		}),
		{ numRuns: 5000 },
	);
});
