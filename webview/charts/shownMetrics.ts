import type { ChartsMetric, ChartsState } from "../../src/shared/panels/chartsPanel";
import type { ChartsView } from "../../src/shared/panels/chartsView";
import { metricMatcher, type Section, sectionsOf } from "./metricSearch";

export interface ShownMetrics {
	readonly pinned: readonly string[];
	/** The rest, in the order they are looked at. */
	readonly sections: readonly Section[];
}

/** What the search and the hidden runs leave, whether or not its section is folded. */
export function shownMetrics(state: ChartsState, view: ChartsView): ShownMetrics {
	const matches = metricMatcher(view.search);
	const metrics = state.metrics.filter(
		(metric) => matches(metric.name) && !(view.hideEmpty && isEmpty(metric, state, view)),
	);
	const found = new Set(metrics.map(({ name }) => name));
	const pinned = view.pins.filter((name) => found.has(name));
	const pins = new Set(pinned);
	return { pinned, sections: sectionsOf(metrics.filter(({ name }) => !pins.has(name))) };
}

/** From the first card to the last. */
export function shownInOrder(state: ChartsState, view: ChartsView): string[] {
	const { pinned, sections } = shownMetrics(state, view);
	return [...pinned, ...sections.flatMap(({ metrics }) => metrics)];
}

function isEmpty(metric: ChartsMetric, state: ChartsState, view: ChartsView): boolean {
	const holders = state.runSets[metric.runSet] ?? [];
	return holders.every((index) => view.hidden.includes(state.runs[index]?.key ?? ""));
}
