import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseFlatYaml } from "../../../../src/core/mlflow/flatYaml";
import { writeYaml } from "../../../../src/core/sidecar/writeYaml";

test("any text is read back as it was, by YAML 1.1 and by Gamma's own reader", () => {
	const text = fc.oneof(
		fc.string({ unit: "grapheme" }),
		fc.constantFrom(
			"yes",
			"null",
			"1e3",
			"- a",
			"a: b",
			"#",
			"'",
			'"',
			"\\n",
			"a\nb",
			"\u0085",
			"\u2028",
			" lead",
			"~",
			"😀\n",
		),
	);
	fc.assert(
		fc.property(text, (value) => {
			const yaml = writeYaml({ name: value, z: 1 });
			expect(parse(yaml, { version: "1.1" })).toEqual({ name: value, z: 1 });
			const flat = parseFlatYaml(yaml);
			if (flat !== null) expect(flat.get("name")).toBe(value);
		}),
	);
});

test("numbers, null and an empty list, sorted by key", () => {
	expect(writeYaml({ tags: [], end_time: null, status: 1, name: "Default" })).toBe(
		"end_time: null\nname: Default\nstatus: 1\ntags: []\n",
	);
});
