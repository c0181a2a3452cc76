import { describe, expect, test } from "vitest";
import { JobLog } from "../../../../src/core/jobs/jobLog";
import { PulledLog } from "../../../../src/core/jobs/pulledLog";

function pulled(mostKept?: number) {
	const waiting: string[] = [];
	const scene = { waiting, pulls: 0, failure: null as Error | null };
	const log = new PulledLog(
		{
			pull: async () => {
				scene.pulls++;
				const { failure } = scene;
				scene.failure = null;
				if (failure) throw failure;
				const text = waiting.shift() ?? "";
				return { text, hasMore: waiting.length > 0 };
			},
		},
		mostKept,
	);
	const read = async (offset: number) => {
		const { bytes, sizeBytes } = await log.readLog("j", offset);
		return [new TextDecoder().decode(bytes), sizeBytes];
	};
	return { log, scene, read };
}

describe("a log that is pulled", () => {
	test("is read whole at first, and by offset after that", async () => {
		const { scene, read } = pulled();
		scene.waiting.push("ab", "cdé", "f");
		expect(await read(0)).toEqual(["abcdéf", 7]);
		expect(scene.pulls).toBe(3);
		expect(await read(3)).toEqual(["déf", 7]);
		expect(scene.pulls).toBe(3);
		expect(await read(7)).toEqual(["", 7]);
		scene.waiting.push("g");
		expect(await read(7)).toEqual(["g", 8]);
	});

	test("goes on after a failure, and loses and repeats nothing", async () => {
		const { scene, read } = pulled();
		scene.waiting.push("a", "b");
		scene.failure = new Error("throttled");
		await expect(read(0)).rejects.toThrow("throttled");
		expect(await read(0)).toEqual(["ab", 2]);
	});

	test("two who read at once share what is pulled", async () => {
		const { scene, read } = pulled();
		scene.waiting.push("a", "b");
		expect(await Promise.all([read(0), read(0)])).toEqual([
			["ab", 2],
			["ab", 2],
		]);
	});

	test("of a long one the end is kept, and what was before is answered empty", async () => {
		const { scene, read } = pulled(4);
		scene.waiting.push("aaa", "bbb", "ccc");
		expect(await read(0)).toEqual(["", 9]);
		expect(await read(5)).toEqual(["bccc", 9]);
	});

	test("is shown as a relay's log is: of 60 MB the last 24, with a line that says so", async () => {
		const line = `${"x".repeat(99)}\n`;
		const { log, scene } = pulled();
		for (let megabytes = 0; megabytes < 60; megabytes++) scene.waiting.push(line.repeat(10_000));
		const shown = new JobLog(log, "j");
		const text = await shown.load();
		expect(text.split("\n", 1)[0]).toMatch(/^… the first 3\d\.\d MB of this log are not shown …$/);
		expect(text.length).toBeGreaterThan(24e6);
		expect(text.length).toBeLessThan(26e6);
		scene.waiting.push("the last\n");
		expect((await shown.more())?.lines).toEqual(["the last", ""]);
	});
});
