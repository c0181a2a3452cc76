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

/** Which section a person looks at first: how well it does, how it learns, the rest by name, the machine last. */
function sectionRank(name: string): number {
	const first = name.split("/")[0] ?? "";
	if (/^(val|valid|validation|eval|test|metrics?)$/i.test(first)) return 0;
	if (/^(train|training)$/i.test(first)) return 1;
	return /^(system|perf|gpu|cpu)$/i.test(first) ? 3 : 2;
}

/** Metrics by the part of their name before the last slash. Within a rank those without one come first, then by name. */
export function sectionsOf(metrics: readonly ChartsMetric[]): Section[] {
	const sections = new Map<string, string[]>();
	for (const { name } of metrics) {
		const section = metricSection(name);
		const known = sections.get(section);
		if (known) known.push(name);
		else sections.set(section, [name]);
	}
	return [...sections]
		.map(([name, names]) => ({ name, metrics: names }))
		.sort((a, b) => sectionRank(a.name) - sectionRank(b.name) || (a.name < b.name ? -1 : 1));
}
