import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PendingRemoval } from "../../../../src/core/agent/pendingRemoval";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function removal() {
	const removed: string[] = [];
	const changed = vi.fn();
	return { removed, changed, pending: new PendingRemoval((id) => removed.push(id), changed) };
}

test("what is removed is hidden first, and gone after a while", () => {
	const { pending, removed, changed } = removal();
	pending.ask("a");
	expect([pending.id, removed]).toEqual(["a", []]);
	vi.advanceTimersByTime(9_000);
	expect(removed).toEqual([]);
	vi.advanceTimersByTime(2_000);
	expect([pending.id, removed]).toEqual([null, ["a"]]);
	expect(changed).toHaveBeenCalledTimes(2);
});

test("what was taken back is never removed", () => {
	const { pending, removed } = removal();
	pending.ask("a");
	pending.undo();
	vi.advanceTimersByTime(60_000);
	pending.dispose();
	expect([pending.id, removed]).toEqual([null, []]);
});

test("the next removal, and the end, carry out the one that waits, each once", () => {
	const { pending, removed } = removal();
	pending.ask("a");
	pending.ask("b");
	expect(removed).toEqual(["a"]);
	pending.dispose();
	vi.advanceTimersByTime(60_000);
	expect(removed).toEqual(["a", "b"]);
});
