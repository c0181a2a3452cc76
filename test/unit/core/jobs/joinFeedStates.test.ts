import { expect, test } from "vitest";
import { joinFeedStates } from "../../../../src/core/jobs/joinFeedStates";
import type { FeedState } from "../../../../src/core/relay/projectFeed";

const url = "http://relay.test";
const live = (sinceMs: number): FeedState => ({ kind: "live", sinceMs });
const offline = (sinceMs: number, kind: "offline" | "refused" = "offline"): FeedState => ({
	kind,
	sinceMs,
	reason: `since ${sinceMs}`,
});

test("streams are read as well as the worst of them", () => {
	const join = (...states: readonly FeedState[]) => joinFeedStates(url, states, 5);
	expect(join()).toEqual({ kind: "live", url, sinceMs: 5, reason: null });
	expect(join(live(10), live(20))).toEqual({ kind: "live", url, sinceMs: 20, reason: null });
	expect(join(live(10), { kind: "connecting" })).toEqual({ kind: "connecting", url });
	expect(join({ kind: "connecting" }, { kind: "catchingUp", sinceMs: 7 }, { kind: "catchingUp", sinceMs: 6 })).toEqual({
		kind: "catchingUp",
		url,
		sinceMs: 6,
		reason: null,
	});
	expect(join({ kind: "catchingUp", sinceMs: 1 }, offline(9), offline(8, "refused"))).toEqual({
		kind: "offline",
		url,
		sinceMs: 8,
		reason: "since 8",
	});
});

test("a project that is gone is nobody's loss", () => {
	const gone: FeedState = { kind: "gone", sinceMs: 1, reason: "There is nothing here." };
	expect(joinFeedStates(url, [live(10), gone], 5)).toMatchObject({ kind: "live", sinceMs: 10 });
});
