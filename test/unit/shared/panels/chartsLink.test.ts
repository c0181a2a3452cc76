import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseChartsLinkQuery, toChartsLinkQuery } from "../../../../src/shared/panels/chartsLink";
import {
	chartsViewChange,
	initialChartsView,
	parseChartsView,
	searchOf,
} from "../../../../src/shared/panels/chartsView";

test("a link brings back its runs and its view", () => {
	const link = {
		runs: ["s/a b&c=d", "tb/train/1"],
		view: { ...initialChartsView, search: "^val/acc$", smoothing: 0.9, zoom: [10, 20] as [number, number] },
	};
	expect(parseChartsLinkQuery(toChartsLinkQuery(link))).toEqual(link);
});

test("a view like the first one needs no words", () => {
	expect(toChartsLinkQuery({ runs: ["s/a"], view: initialChartsView })).toBe("run=s%2Fa");
});

test("whatever a link says, a view comes of it", () => {
	void fc.assert(
		fc.property(fc.string(), (query) => {
			expect(parseChartsLinkQuery(query).view).toBeDefined();
		}),
	);
	expect(parseChartsLinkQuery("view=%E0%A4%A&run=ok").runs).toEqual(["ok"]);
});

test("a change of the view names what it changes and nothing else, and shows one metric by its name alone", () => {
	expect(chartsViewChange.parse({ search: "a", zoom: "wrong" })).toEqual({ search: "a", zoom: null });
	expect(chartsViewChange.parse({})).toEqual({});
	expect(chartsViewChange.parse({ constructor: 1, unknown: 2 })).toEqual({});
	void fc.assert(
		fc.property(fc.string(), fc.string(), (metric, other) => {
			const pattern = new RegExp(searchOf(metric));
			expect(pattern.test(metric)).toBe(true);
			if (other !== metric) expect(pattern.test(other)).toBe(false);
		}),
	);
});

test("each part of a kept view falls back by itself", () => {
	void fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...Object.keys(initialChartsView)), fc.jsonValue()), (raw) => {
			const view = parseChartsView(raw);
			expect(Object.keys(view).sort()).toEqual(Object.keys(initialChartsView).sort());
			expect(parseChartsView(view)).toEqual(view);
		}),
	);
	expect(parseChartsView({ smoothing: 7, logY: true })).toEqual({ ...initialChartsView, logY: true });
	expect(parseChartsView("nonsense")).toEqual(initialChartsView);
});
