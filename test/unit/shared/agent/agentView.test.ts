import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentViewSchema, printForm, readAgentView } from "../../../../src/shared/agent/agentView";

const receipt = { query: "val/loss [0..10]", runs: [{ key: "s/1", name: "owl" }], pointCount: 11, readAtMs: 1 };
const lines = { kind: "lines", title: "Loss", series: [{ label: "owl", x: [0, 1], y: [1, null] }], receipt };
const form = {
	kind: "form" as const,
	title: "Try again with",
	fields: [
		{ kind: "number" as const, name: "lr", label: "Learning rate", value: 0.1 },
		{ kind: "toggle" as const, name: "amp", label: "", value: false },
	],
	submit: "Send",
};

describe("a view of the catalogue", () => {
	test("is read whole, with what was left out filled in", () => {
		expect(readAgentView({ version: 1, blocks: [lines, form] })).toEqual([
			{ ...lines, metric: null, xLabel: "step", yLabel: "", isLogY: false },
			form,
		]);
	});

	test("loses no block for another that is wrong", () => {
		const [unknown, broken, good] = readAgentView({
			version: 1,
			blocks: [{ kind: "iframe", src: "https://evil.example" }, { kind: "table", title: "x" }, lines],
		});
		expect(unknown).toEqual({ kind: "unknown", sentence: "Gamma cannot show “iframe”: it is not in the catalogue." });
		expect(broken).toEqual({
			kind: "unknown",
			sentence: "A table block was left out: it is not complete, or too large.",
		});
		expect(good).toMatchObject({ kind: "lines" });
	});

	test("that is none, or a newer Gamma's, is a sentence", () => {
		for (const given of [null, "x", {}, { version: 1 }, { version: 1, blocks: {} }]) {
			expect(readAgentView(given)).toEqual([{ kind: "unknown", sentence: "This view has no form that Gamma knows." }]);
		}
		expect(readAgentView({ version: 2, blocks: [lines] })).toMatchObject([{ kind: "unknown" }]);
	});

	test("has an end, however much the model gives", () => {
		const many = Array.from({ length: 5_000 }, (_, i) => i);
		const long = { ...lines, series: [{ label: "x", x: many, y: many }] };
		expect(readAgentView({ version: 1, blocks: [long] })).toMatchObject([{ kind: "unknown" }]);
		expect(readAgentView({ version: 1, blocks: Array(100).fill(lines) })).toHaveLength(24);
		expect(agentViewSchema.safeParse({ version: 1, blocks: [] }).success).toBe(false);
	});

	test("is never an error, whatever it is", () => {
		fc.assert(
			fc.property(fc.anything(), (blocks) => {
				for (const given of [blocks, { version: 1, blocks }, { version: 1, blocks: [blocks] }])
					expect(Array.isArray(readAgentView(given))).toBe(true);
			}),
		);
	});

	test("a form that is filled in becomes a prompt a person can read", () => {
		expect(printForm(form, { lr: 0.3, amp: true })).toBe("Try again with\n- Learning rate: 0.3\n- amp: true");
		expect(printForm(form, {})).toContain("Learning rate: (empty)");
	});
});
