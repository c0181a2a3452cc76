import { expect, test } from "vitest";
import { once } from "../../../src/core/once";

test("it is made with the first use, and once for all", async () => {
	let made = 0;
	const part = once(async () => ({ number: ++made }));
	expect(made).toBe(0);
	const [first, second] = await Promise.all([part(), part()]);
	expect(first).toBe(second);
	expect(await part()).toBe(first);
	expect(made).toBe(1);
});

test("what could not be made is tried again", async () => {
	let tries = 0;
	const part = once(async () => {
		tries++;
		if (tries === 1) throw new Error("not there yet");
		return tries;
	});
	await expect(part()).rejects.toThrow("not there yet");
	expect(await part()).toBe(2);
	expect(await part()).toBe(2);
});
