import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { paramsAsJson, paramsAsYaml, runUri } from "../../../../src/core/runs/copyTexts";
import { aRun } from "../tree/runs";

test("params are copied as a config file would have them", () => {
	const run = aRun("abc", { params: { lr: "0.001", model: "resnet-18", amp: "True", note: "a: b", tag: "no" } });
	expect(paramsAsYaml(run)).toBe('amp: true\nlr: 0.001\nmodel: resnet-18\nnote: "a: b"\ntag: "no"\n');
	expect(paramsAsJson(run)).toBe(
		'{\n  "amp": "True",\n  "lr": "0.001",\n  "model": "resnet-18",\n  "note": "a: b",\n  "tag": "no"\n}',
	);
	expect(runUri(run)).toBe("runs:/abc");
});

test("whatever a param's name and value, the YAML reads back as what was logged", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), (name, value) => {
			const read = parse(paramsAsYaml(aRun("r", { params: { [name]: value } })), { version: "1.2" }) as object;
			const [entry] = Object.entries(read);
			expect(entry?.[0]).toBe(name);
			if (typeof entry?.[1] === "string") expect(entry[1]).toBe(value);
			else if (typeof entry?.[1] === "number") expect(Number(value)).toBe(entry[1]);
			else expect(String(entry?.[1])).toBe(value.toLowerCase());
		}),
		{ numRuns: 500 },
	);
});
