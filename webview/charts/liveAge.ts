import type { ChartsState } from "../../src/shared/panels/chartsPanel";
import { formatAge } from "../common/number";

export interface LiveAge {
	readonly kind: "live" | "silent" | "ended" | "trouble";
	readonly text: string;
	readonly title: string;
}

/** Without a sign for this long, a running run is no longer called live. */
const silentAfterMs = 120_000;

/** How fresh what is seen is: `live · 2 s` while a charted run writes, its silence, or that all have ended. */
export function liveAge(state: ChartsState, nowMs: number): LiveAge | null {
	if (state.troubles.length > 0) {
		return { kind: "trouble", text: "not up to date", title: state.troubles.join("\n") };
	}
	const running = state.runs.filter((run) => run.status === "RUNNING");
	if (state.runs.length === 0) return null;
	if (running.length === 0)
		return { kind: "ended", text: "all ended", title: "No run on the charts is still training." };
	const last = Math.max(...running.map((run) => run.lastSignMs ?? run.startTimeMs ?? 0));
	const count = running.length === 1 ? "1 run is" : `${running.length} runs are`;
	if (last === 0) return { kind: "live", text: "live", title: `${count} training; the store does not say since when.` };
	const ageMs = Math.max(0, nowMs - last);
	const title = `${count} training; the last sign of life came ${formatAge(ageMs)} ago.`;
	if (ageMs > silentAfterMs) return { kind: "silent", text: `silent · ${formatAge(ageMs)}`, title };
	return { kind: "live", text: `live · ${formatAge(ageMs)}`, title };
}
