import type { FeedState } from "../relay/projectFeed";
import type { JobsState } from "./trackedJob";

/**
 * How well all the streams are read together: as well as the worst of them. One whose project is gone is nobody's loss;
 * without any stream there is nothing to miss since `sinceMs`.
 */
export function joinFeedStates(url: string, states: readonly FeedState[], sinceMs: number): JobsState {
	const away = states.flatMap((state) => (state.kind === "offline" || state.kind === "refused" ? [state] : []));
	const [first] = [...away].sort((a, b) => a.sinceMs - b.sinceMs);
	if (first) return { kind: "offline", url, sinceMs: first.sinceMs, reason: first.reason };
	const sincesOf = (kind: "live" | "catchingUp") =>
		states.flatMap((state) => (state.kind === kind ? [state.sinceMs] : []));
	const late = sincesOf("catchingUp");
	if (late.length > 0) return { kind: "catchingUp", url, sinceMs: Math.min(...late), reason: null };
	if (states.some(({ kind }) => kind === "connecting")) return { kind: "connecting", url };
	return { kind: "live", url, sinceMs: Math.max(sinceMs, ...sincesOf("live")), reason: null };
}
