import type { RunKey } from "../run";
import { type ChartsView, chartsView, initialChartsView } from "./chartsView";

/** What a link to the charts carries: runs and those parts of the view that are not as they were at first. */
export interface ChartsLink {
	readonly runs: readonly RunKey[];
	readonly view: ChartsView;
}

/** The query part of `vscode://gamma-ml.gamma/charts?…`: `run` once per run, `view` as JSON. */
export function toChartsLinkQuery({ runs, view }: ChartsLink): string {
	const entries = Object.entries(view).filter(([name, value]) => name !== "scroll" && !isInitial(name, value));
	return [
		...runs.map((key) => `run=${encodeURIComponent(key)}`),
		...(entries.length > 0 ? [`view=${encodeURIComponent(JSON.stringify(Object.fromEntries(entries)))}`] : []),
	].join("&");
}

/** Reads a link's query, whoever wrote it; what does not fit falls back to the default. */
export function parseChartsLinkQuery(query: string): ChartsLink {
	const runs: RunKey[] = [];
	let view: unknown = {};
	for (const part of query.split("&")) {
		const [name, value = ""] = part.split("=", 2);
		try {
			const text = decodeURIComponent(value);
			if (name === "run" && text !== "") runs.push(text);
			if (name === "view") view = JSON.parse(text);
		} catch {
			// A part that is no valid text is passed by; the rest of the link still counts.
		}
	}
	const parsed = chartsView.safeParse(view);
	return { runs, view: parsed.success ? parsed.data : initialChartsView };
}

function isInitial(name: string, value: unknown): boolean {
	const initial = Object.entries(initialChartsView).find(([known]) => known === name)?.[1];
	return JSON.stringify(initial) === JSON.stringify(value);
}
