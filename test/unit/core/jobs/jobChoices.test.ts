import { expect, test } from "vitest";
import { JobChoices } from "../../../../src/core/jobs/jobChoices";

function aStorage(stored?: unknown) {
	const kept = new Map<string, unknown>(stored === undefined ? [] : [["gamma.jobChoices", stored]]);
	return { get: (key: string) => kept.get(key), set: (key: string, value: unknown) => void kept.set(key, value) };
}

test("pins and unseen failures are kept for the next window", () => {
	const storage = aStorage();
	const choices = new JobChoices(storage);
	choices.setPinned("p1 models a", true);
	choices.setPinned("p1 models b", true);
	choices.setPinned("p1 models a", false);
	choices.setUnseenFailure("job1", true);
	const again = new JobChoices(storage);
	expect([...again.pinned]).toEqual(["p1 models b"]);
	expect([...again.unseenFailures]).toEqual(["job1"]);
});

test("a failure is announced as unseen once, and as seen once", () => {
	const choices = new JobChoices(aStorage());
	let changes = 0;
	choices.onDidChange(() => changes++);
	choices.setUnseenFailure("job1", true);
	choices.setUnseenFailure("job1", true);
	choices.setUnseenFailure("job2", false);
	expect(changes).toBe(1);
	choices.setUnseenFailure("job1", false);
	expect(changes).toBe(2);
	expect(choices.unseenFailures.size).toBe(0);
});

test("what another version kept in another shape is let go, and the list does not grow for ever", () => {
	const choices = new JobChoices(aStorage({ pinned: 5 }));
	expect(choices.pinned.size).toBe(0);
	for (let n = 0; n < 250; n++) choices.setPinned(`p${n}`, true);
	expect(choices.pinned.size).toBe(200);
	expect(choices.pinned.has("p249")).toBe(true);
});
