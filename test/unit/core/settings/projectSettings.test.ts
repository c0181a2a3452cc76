import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonText } from "../../../../src/core/settings/jsonText";
import { parseProjectSettings } from "../../../../src/core/settings/projectSettings";

function problemOf(text: string): string {
	try {
		parseProjectSettings(text);
		return "none";
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

test("stores are named by text or by text with a label; other keys are left alone", () => {
	const text = '{"stores": ["mlruns", {"uri": "https://mlflow.example", "label": "team"}], "forge": {"a": 1}}';
	expect(parseProjectSettings(text).stores).toEqual([
		{ uri: "mlruns" },
		{ uri: "https://mlflow.example", label: "team" },
	]);
	expect(parseProjectSettings("{}").stores).toEqual([]);
});

test.each([
	['{\n  "stores": [\n    "mlruns",\n  ]\n}', "line 4: a value is expected"],
	['{\n  // mine\n  "stores": []\n}', "line 2: comments are not allowed"],
	['{"stores": ["mlruns"', "line 1: a comma or ] is expected"],
	["{'stores': []}", "line 1: a key in double quotes is expected"],
	['{\n"stores": [mlruns]}', "line 2: mlruns is not a JSON value; put text in double quotes"],
	['{\n"stores": ["a\\q"]}', "line 2: this text holds a wrong escape"],
	['{\n"stores": ["mlruns]}', "line 2: this text has no closing double quote"],
	['{"stores": []} {}', "line 1: nothing may follow"],
	["", "line 1: a value is expected"],
	["[]", "line 1: an object such as"],
	['{\n"stores": "mlruns"\n}', 'line 2: "stores" must be a list'],
	['{"stores": [\n"mlruns",\n{"url": "x"}\n]}', "line 3: a store is a text such as"],
	['{"stores": [\n""]}', "line 2: a store is a text such as"],
	["[".repeat(5_000), "line 1: it is nested too deeply"],
])("%j is refused with its line and reason", (text, reason) => {
	expect(problemOf(text)).toContain(`.gamma/project.json, ${reason}`);
});

test("what JSON itself accepts is read as JSON reads it", () => {
	fc.assert(
		fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
			const value: unknown = JSON.parse(text);
			const spaced = JSON.stringify(value, null, indent);
			expect(JSON.stringify(parseJsonText(spaced).value)).toBe(JSON.stringify(value));
		}),
	);
});

test("what JSON itself refuses is refused", () => {
	fc.assert(
		fc.property(
			fc.json({ maxDepth: 3 }),
			fc.nat(),
			fc.constantFrom("", ",", "}", '"', "x", "\\"),
			(text, at, broken) => {
				const place = at % (text.length + 1);
				const changed = text.slice(0, place) + broken + text.slice(place + 1);
				let isJson = true;
				try {
					JSON.parse(changed);
				} catch {
					isJson = false;
				}
				if (isJson) expect(parseJsonText(changed).value).toEqual(JSON.parse(changed));
				else expect(() => parseJsonText(changed)).toThrow();
			},
		),
		{ numRuns: 500 },
	);
});
