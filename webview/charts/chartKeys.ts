import { xAxes } from "../../src/shared/chart";
import { toggleLogY } from "./cardMenu";
import type { ChartsSession } from "./chartsSession";

export const keyHelp: readonly (readonly [keys: string, what: string])[] = [
	["← →", "move the cursor of the chart in focus (Shift: further)"],
	["Home End", "to the first and last point"],
	["/", "search metrics"],
	["y", "log y axis (of the chart in focus, else of all)"],
	["x", "next x axis"],
	["s", "smoothing"],
	["f", "fill the panel with the chart in focus or under the pointer"],
	["b", "make the run nearest to the pointer the baseline"],
	["p", "open the policy nearest to the cursor (Ctrl+click, or a click on its mark)"],
	["0", "reset the zoom"],
	["Escape", "leave what was opened"],
	["?", "this list"],
	["Drag", "zoom in x, in all charts"],
	["Shift+drag", "pan"],
	["Ctrl+wheel", "zoom about the pointer"],
	["Double-click", "show everything"],
];

/** The panel's own keys. True when the key was one of them. */
export function pressKey(event: KeyboardEvent, session: ChartsSession, help: () => void): boolean {
	if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
	const card = event.target instanceof Element ? event.target.closest("gamma-metric-card") : null;
	const metric = card && "metric" in card && typeof card.metric === "string" ? card.metric : null;
	const { view } = session;
	switch (event.key) {
		case "/":
			return focus("metric-search");
		case "s":
			return focus("smoothing");
		case "x": {
			const next = xAxes[(xAxes.indexOf(view.xAxis) + 1) % xAxes.length] ?? "step";
			session.setView({ xAxis: next, zoom: null });
			return true;
		}
		case "y":
			if (metric) toggleLogY(session, metric);
			else session.setView({ logY: !view.logY, logYFlipped: [] });
			return true;
		case "0":
			session.setView({ zoom: null });
			return true;
		case "f": {
			const wanted = metric ?? session.cursor?.metric ?? null;
			session.setFull(session.full === null ? wanted : null);
			return true;
		}
		case "b": {
			const key = session.highlight ?? session.pointed;
			if (key === null || !session.state?.runs.some((run) => run.key === key)) return false;
			const isBaseline = session.state.baseline?.run.key === key;
			void session.host.call("baseline", { key: isBaseline ? null : key });
			return true;
		}
		case "p": {
			const policy = session.policyAtCursor();
			if (policy) session.policies.open(policy);
			return policy !== null;
		}
		case "Escape":
			if (session.full === null) return false;
			session.setFull(null);
			return true;
		case "?":
			help();
			return true;
		default:
			return false;
	}
}

function isTyping(target: EventTarget | null): boolean {
	if (target instanceof HTMLInputElement) return !["checkbox", "range"].includes(target.type);
	return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

function focus(id: string): boolean {
	const element = document.getElementById(id);
	element?.focus();
	if (element instanceof HTMLInputElement && element.type === "search") element.select();
	return element !== null;
}
