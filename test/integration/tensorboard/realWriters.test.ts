import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TensorboardStore } from "../../../src/adapters/tensorboard/tensorboardStore";
import type { Run, Series } from "../../../src/shared/run";

const python = process.env.GAMMA_PYTHON;
const points = 100_000;

interface ReadByTensorboard {
	first: number;
	scalars: Record<string, { count: number; last: number | string; digest: string }>;
	texts: Record<string, [number, string][]>;
	images: Record<string, [number, string][]>;
}

function digest({ steps, values, timestampsMs }: Series): string {
	const bytes = Buffer.alloc(24 * steps.length);
	for (let at = 0; at < steps.length; at++) {
		bytes.writeDoubleBE(timestampsMs[at]!, 24 * at);
		bytes.writeDoubleBE(steps[at]!, 24 * at + 8);
		if (Number.isNaN(values[at]!)) bytes.write("NaNNaNNa", 24 * at + 16, "latin1");
		else bytes.writeDoubleBE(values[at]!, 24 * at + 16);
	}
	return createHash("sha256").update(bytes).digest("hex");
}

describe.skipIf(!python)("runs fresh from tensorboardX and TensorBoard's own writer (skipped: no GAMMA_PYTHON)", () => {
	const root = mkdtempSync(join(tmpdir(), "gamma-tb-real-"));
	const store = new TensorboardStore({ id: "tb", root, label: "logs" });
	let expected: Record<string, ReadByTensorboard>;
	const runs = new Map<string, Run>();

	beforeAll(async () => {
		const script = resolve(import.meta.dirname, "../../support/python/tensorboardRuns.py");
		const { stdout } = await promisify(execFile)(python ?? "", [script, root, String(points)], { maxBuffer: 2 ** 26 });
		expected = JSON.parse(stdout);
		for await (const { upserted } of store.refresh()) for (const run of upserted) runs.set(run.id, run);
	});
	afterAll(() => {
		store.dispose();
		rmSync(root, { recursive: true, force: true });
	});

	test("are the runs TensorBoard finds", () => {
		expect([...runs.keys()].sort()).toEqual(Object.keys(expected).sort());
		for (const [id, { first }] of Object.entries(expected)) expect(runs.get(id)?.startTimeMs).toBe(first * 1000);
	});

	test("have every point that EventAccumulator reads, in order, and its last value", async () => {
		let total = 0;
		for (const [id, { scalars }] of Object.entries(expected)) {
			expect(Object.keys(runs.get(id)?.metrics ?? {}).sort()).toEqual(Object.keys(scalars).sort());
			for (const [tag, { count, last, digest: wanted }] of Object.entries(scalars)) {
				const series = await store.history(id, tag);
				expect(series.steps.length, `${id} ${tag}`).toBe(count);
				expect(digest(series), `${id} ${tag}`).toBe(wanted);
				expect(runs.get(id)?.metrics[tag], `${id} ${tag}`).toBe(Number(last));
				total += count;
			}
		}
		expect(total).toBeGreaterThan(points + 1000);
		expect(expected["x/resumed"]?.scalars.loss?.count).toBe(90);
	});

	test("have their texts, images and params", async () => {
		const run = "x/hard näme 損失";
		const media = await store.media(run);
		const { texts, images } = expected[run]!;
		expect(media.map(({ tag }) => tag).sort()).toEqual([...Object.keys(texts), ...Object.keys(images)].sort());
		for (const [tag, samples] of Object.entries(texts)) {
			for (const [index, [, text]] of samples.entries()) {
				expect(await store.readMedia(run, tag, index)).toEqual({ kind: "text", text });
			}
		}
		for (const [tag, samples] of Object.entries(images)) {
			for (const [index, [, sha256]] of samples.entries()) {
				const content = await store.readMedia(run, tag, index);
				if (content.kind !== "image") throw new Error("no image");
				expect(createHash("sha256").update(content.bytes).digest("hex")).toBe(sha256);
			}
		}
		const session = [...runs.values()].find(({ params }) => params.lr !== undefined);
		expect(session?.params).toEqual({ lr: "0.003", opt: "sgd", flag: expect.stringMatching(/^(True|1)$/), n: "7" });
	});
});
