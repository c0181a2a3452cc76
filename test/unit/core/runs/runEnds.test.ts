import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { endSentence, joinedWithinMs, RunEnds } from "../../../../src/core/runs/runEnds";
import { RunModel } from "../../../../src/core/runs/runModel";
import type { LibraryChange, RunLibrary } from "../../../../src/core/stores/runLibrary";
import type { Run, StoreSummary } from "../../../../src/shared/run";
import { aRun } from "../tree/runs";

const store: StoreSummary = { id: "store", kind: "mlflow-folder", uri: "/x", label: "x", state: { kind: "reading" } };

function watching() {
	const changes = new Emitter<LibraryChange>();
	// Only what a model asks of a library.
	const model = new RunModel({ onDidChange: changes.event } as Partial<RunLibrary> as RunLibrary);
	const ends = new RunEnds(model);
	const heard: string[][] = [];
	ends.onDidEnd((runs) => heard.push(runs.map((run) => run.id)));
	const tell = (...upserted: Run[]) => changes.fire({ stores: [store], upserted, removed: [], grown: [] });
	return { tell, heard, ends };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("runs that were over when first seen are no news", () => {
	const { tell, heard } = watching();
	tell(aRun("old"));
	vi.advanceTimersByTime(joinedWithinMs * 2);
	expect(heard).toEqual([]);
});

test("runs that end within ten seconds are told together, later ones by themselves, each once", () => {
	const { tell, heard } = watching();
	const going = (id: string) => aRun(id, { status: "RUNNING" });
	tell(going("a"), going("b"), going("c"));
	tell(aRun("a", { status: "FAILED" }));
	vi.advanceTimersByTime(joinedWithinMs - 1);
	tell(aRun("b"), aRun("a", { status: "FAILED" }));
	vi.advanceTimersByTime(1);
	tell(aRun("c"));
	vi.advanceTimersByTime(joinedWithinMs);
	expect(heard).toEqual([["a", "b"], ["c"]]);
});

test("a run that is taken up again and ends again is told again; one that was deleted is not", () => {
	const { tell, heard } = watching();
	tell(aRun("a", { status: "RUNNING" }));
	tell(aRun("a", { status: "KILLED" }));
	vi.advanceTimersByTime(joinedWithinMs);
	tell(aRun("a", { status: "RUNNING" }), aRun("gone", { status: "RUNNING" }));
	tell(aRun("a"), aRun("gone", { lifecycleStage: "deleted" }));
	vi.advanceTimersByTime(joinedWithinMs);
	expect(heard).toEqual([["a"], ["a"]]);
});

test("nothing is told after the end", () => {
	const { tell, heard, ends } = watching();
	tell(aRun("a", { status: "RUNNING" }));
	tell(aRun("a"));
	ends.dispose();
	vi.advanceTimersByTime(joinedWithinMs);
	expect(heard).toEqual([]);
});

test("one end is a name and a word, several are counted", () => {
	expect(endSentence([aRun("fox", { status: "FAILED" })])).toBe("✗ fox failed");
	expect(endSentence([aRun("fox")])).toBe("✓ fox finished");
	expect(endSentence([aRun("fox", { status: "KILLED" })])).toBe("⊘ fox was killed");
	expect(endSentence(["a", "b", "c", "d"].map((id) => aRun(id)))).toBe("✓ 4 runs ended: a, b, c …");
	expect(endSentence([aRun("a"), aRun("b", { status: "FAILED" })])).toBe("✗ 1 of 2 runs failed: a, b");
});
