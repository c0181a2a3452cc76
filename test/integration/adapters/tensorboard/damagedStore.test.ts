import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isEventFileName } from "../../../../src/adapters/tensorboard/eventFolders";
import { TensorboardStore } from "../../../../src/adapters/tensorboard/tensorboardStore";
import { exerciseStore } from "../../../support/exerciseStore";
import { copyOfFixture, fixturesPresent } from "../../../support/fixtures";
import { treeDigest } from "../../../support/treeDigest";

/** The same damage on every machine: a linear congruential generator (Numerical Recipes' constants). */
function randomSource(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state % below;
	};
}

test.skipIf(!fixturesPresent)(
	"damage of any kind is explained, and nothing is written (skipped: no fixtures)",
	async () => {
		const random = randomSource(7);
		const sound = copyOfFixture("tensorboard/logs");
		const paths = readdirSync(sound, { recursive: true, encoding: "utf8" }).filter((path) =>
			isEventFileName(path.split("/").at(-1) ?? ""),
		);
		const originals = new Map(paths.map((path) => [path, readFileSync(join(sound, path))]));
		try {
			for (let round = 0; round < 25; round++) {
				for (const [path, original] of originals) {
					const bytes = Buffer.from(original);
					for (let flips = random(4); flips > 0 && bytes.length > 0; flips--) bytes[random(bytes.length)] = random(256);
					writeFileSync(join(sound, path), random(5) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes);
				}
				const before = treeDigest(sound);
				const store = new TensorboardStore({ id: "tb", root: sound, label: "logs" });
				const { runs, points } = await exerciseStore(store);
				store.dispose();
				expect(runs.length).toBe(new Set(paths.map((path) => path.replace(/\/[^/]*$/, ""))).size);
				expect(points).toBeLessThanOrEqual(652);
				expect(treeDigest(sound)).toEqual(before);
			}
		} finally {
			rmSync(sound, { recursive: true, force: true });
		}
	},
);
