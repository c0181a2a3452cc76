import { expect, test } from "vitest";
import { Sharpness } from "../../../../webview/viewer/sharpness";

/** A machine on which a picture of all pixels takes so long, of fewer in proportion; never sooner than the screen shows one. */
function play(sharpness: Sharpness, fullMs: number, pictures: number, ownMs = 1): number {
	let frameMs = 0;
	for (let at = 0; at < pictures; at++) {
		frameMs = Math.max(1000 / 60, fullMs * sharpness.moving ** 2 + ownMs);
		sharpness.note(frameMs, ownMs);
	}
	return frameMs;
}

test("a machine that is fast enough draws every pixel", () => {
	const sharpness = new Sharpness();
	play(sharpness, 10, 1_000);
	expect(sharpness.moving).toBe(1);
});

test("a slow one has sixty pictures a second after eight slow ones, or as many as it can", () => {
	for (const [fullMs, most] of [
		[30, 24],
		[60, 24],
		[150, 24],
	] as const) {
		const sharpness = new Sharpness();
		play(sharpness, fullMs, 24);
		expect([fullMs, play(sharpness, fullMs, 1) <= most]).toEqual([fullMs, true]);
	}
	// Where even eight take seconds it does not wait for eight.
	const hopeless = new Sharpness();
	play(hopeless, 5_000, 2);
	expect(hopeless.moving).toBe(0.35);
});

test("where the simulation is what takes the time, the picture keeps its pixels", () => {
	const sharpness = new Sharpness();
	for (let at = 0; at < 200; at++) sharpness.note(50, 45);
	expect(sharpness.moving).toBe(1);
});

test("it gets sharper again where there is time, and tries what was too slow ever more seldom", () => {
	const sharpness = new Sharpness();
	play(sharpness, 60, 16);
	expect(sharpness.moving).toBeLessThan(0.75);
	play(sharpness, 5, 4_000);
	expect(sharpness.moving).toBe(1);
	const slow = new Sharpness();
	let changes = 0;
	let before = 1;
	for (let at = 0; at < 60 * 120; at++) {
		play(slow, 60, 1);
		if (slow.moving !== before) changes++;
		before = slow.moving;
	}
	// Two minutes of playing: not a picture that pulses.
	expect(changes).toBeLessThan(14);
});
