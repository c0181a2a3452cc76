import { metricSection } from "../../src/shared/chart";
import type { ChartsMetric } from "../../src/shared/panels/chartsPanel";

/** Does a metric's name match? Words in any order and case; with regular-expression signs, a regular expression. */
export function metricMatcher(search: string): (name: string) => boolean {
	const text = search.trim();
	if (text === "") return () => true;
	if (/[\\^$*+?()[\]{}|]/.test(text)) {
		try {
			const pattern = new RegExp(text, "i");
			return (name) => pattern.test(name);
		} catch {
			// Half typed: as words until it is whole.
		}
	}
	const words = text.toLowerCase().split(/\s+/);
	return (name) => {
		const lower = name.toLowerCase();
		return words.every((word) => lower.includes(word));
	};
}

export interface Section {
	readonly name: string;
	readonly metrics: readonly string[];
}

/** Metrics by the part of their name before the last slash, in the order of the names; those without one come first. */
export function sectionsOf(metrics: readonly ChartsMetric[]): Section[] {
	const sections = new Map<string, string[]>();
	for (const { name } of metrics) {
		const section = metricSection(name);
		const known = sections.get(section);
		if (known) known.push(name);
		else sections.set(section, [name]);
	}
	return [...sections].map(([name, names]) => ({ name, metrics: names })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
