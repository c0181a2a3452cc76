import { expect, test } from "vitest";
import { metricMatcher, sectionsOf } from "../../../../webview/charts/metricSearch";

const names = ["train/loss", "val/loss", "val/acc", "lr"];
const found = (search: string) => names.filter(metricMatcher(search));

test("words match in any order and case, signs make a regular expression", () => {
	expect(found("")).toEqual(names);
	expect(found("LOSS val")).toEqual(["val/loss"]);
	expect(found("^val/.*c$")).toEqual(["val/acc"]);
});

test("a half-typed expression is words until it is whole, and none hangs the panel", () => {
	expect(found("val/(")).toEqual([]);
	expect(found("[")).toEqual([]);
});

test("sections are the part before the last slash", () => {
	const metrics = ["a/b/c", "lr", "a/d", "a/b/e"].map((name) => ({ name, runSet: 0, revision: 0 }));
	expect(sectionsOf(metrics)).toEqual([
		{ name: "", metrics: ["lr"] },
		{ name: "a", metrics: ["a/d"] },
		{ name: "a/b", metrics: ["a/b/c", "a/b/e"] },
	]);
});

test("what a person looks at first comes first: validation, then training, the machine last", () => {
	const metrics = ["epoch", "system/gpu", "train/loss", "val/acc", "zeta/x"].map((name) => ({
		name,
		runSet: 0,
		revision: 0,
	}));
	expect(sectionsOf(metrics).map((section) => section.name)).toEqual(["val", "train", "", "zeta", "system"]);
});
