import { expect, test } from "vitest";
import type { Checkpoint } from "../../../../src/core/jobs/checkpoints";
import { stopLoss } from "../../../../src/core/jobs/stopLoss";
import { aTrackedJob } from "../../../support/aJob";

const nowMs = Date.parse("2026-01-01T10:40:00.000Z");
const running = (step: number | null) =>
	aTrackedJob({ status: "running", startedAt: "2026-01-01T10:00:00.000Z" }, { step });
const checkpoint = (change: Partial<Checkpoint> = {}): Checkpoint => ({
	path: "checkpoints/a.pt",
	step: 1200,
	sizeBytes: 1,
	timestampMs: nowMs - 6 * 60_000,
	...change,
});

test("a job that has not begun, or has ended, loses nothing", () => {
	expect(stopLoss(aTrackedJob({ status: "pending", startedAt: null }), [], nowMs)).toBeNull();
	expect(stopLoss(aTrackedJob({ status: "completed" }), [], nowMs)).toBeNull();
});

test.each([
	[1241, checkpoint(), "41 steps, 6 min since its newest checkpoint (step 1,200) are lost."],
	[1201, checkpoint({ timestampMs: null }), "1 step since its newest checkpoint (step 1,200) is lost."],
	[null, checkpoint(), "6 min since its newest checkpoint (step 1,200) are lost."],
	[1241, checkpoint({ step: null }), "6 min since its newest checkpoint are lost."],
	[null, checkpoint({ timestampMs: null }), "What it trained since its newest checkpoint (step 1,200) is lost."],
	// The relay's last word may be older than the checkpoint.
	[1100, checkpoint(), "0 steps, 6 min since its newest checkpoint (step 1,200) are lost."],
])("at step %s, what the newest checkpoint lacks is lost", (step, newest, expected) => {
	expect(stopLoss(running(step), [newest], nowMs)).toBe(expected);
});

test("without a checkpoint all is lost; where none can be seen, that is said", () => {
	expect(stopLoss(running(1241), [], nowMs)).toBe(
		"It has no checkpoint: all that it trained is lost, 1,241 steps, 40 min.",
	);
	expect(stopLoss(running(null), "unknown", nowMs)).toBe(
		"It has trained 40 min. Gamma does not see its checkpoints: what it trained since the newest is lost.",
	);
	const unknown = aTrackedJob({ status: "running", startedAt: null });
	expect(stopLoss(unknown, "unknown", nowMs)).toMatch(/^Gamma does not see/);
	expect(stopLoss(unknown, [], nowMs)).toBe("It has no checkpoint: all that it trained is lost.");
});
