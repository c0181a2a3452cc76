import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bytesOf, Silence, silentMs } from "../../../../src/adapters/artifacts/silence";

describe("a server that is slow, and one that is away", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	/** A byte each twenty seconds. */
	async function* dripping(bytes: number) {
		for (let sent = 0; sent < bytes; sent++) {
			await vi.advanceTimersByTimeAsync(20_000);
			yield new Uint8Array([sent]);
		}
	}

	test("a byte now and then is an answer, however long all of them take", async () => {
		const silence = new Silence();
		expect([...(await bytesOf(dripping(6), 100, silence))]).toEqual([0, 1, 2, 3, 4, 5]);
		expect(silence.signal.aborted).toBe(false);
		await vi.advanceTimersByTimeAsync(silentMs);
		expect(silence.signal.aborted).toBe(true);
	});

	test("who has stopped listening is not told any more", async () => {
		const silence = new Silence();
		silence.stop();
		await vi.advanceTimersByTimeAsync(2 * silentMs);
		expect(silence.signal.aborted).toBe(false);
	});

	test("of a body that never ends only what was asked for is read", async () => {
		let given = 0;
		function* endless() {
			for (;;) yield new Uint8Array(10).fill(++given);
		}
		const bytes = await bytesOf(endless(), 25, { heard() {} });
		expect([bytes.length, bytes[24], given]).toEqual([25, 3, 3]);
	});
});
