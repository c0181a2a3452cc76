import { execFileSync } from "node:child_process";
import {
	appendFileSync,
	closeSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openStore } from "../../../src/adapters/library/openStore";
import { exerciseStore } from "../../support/exerciseStore";
import { copyOfFixture, fixturesPresent } from "../../support/fixtures";
import { treeDigest } from "../../support/treeDigest";

const rounds = 25;
/** Long for a damaged store of a few hundred files, short for a hang. */
const hangMs = 20_000;

const folders: string[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) {
		execFileSync("chmod", ["-R", "u+rwX", folder]);
		rmSync(folder, { recursive: true, force: true });
	}
});

function copy(fixture: string): string {
	const folder = copyOfFixture(fixture);
	folders.push(folder);
	return folder;
}

/** A small generator with a seed, so that a failure can be run again (mulberry32). */
function random(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name !== "EXPECTED.json")
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

const damages = {
	truncate: (path: string, next: (below: number) => number) => truncateSync(path, next(statSync(path).size + 1)),
	flip: (path: string, next: (below: number) => number) => {
		const bytes = readFileSync(path);
		for (let flips = 1 + next(8); flips > 0 && bytes.length > 0; flips--) {
			const at = next(bytes.length);
			bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
		}
		writeFileSync(path, bytes);
	},
	append: (path: string, next: (below: number) => number) =>
		appendFileSync(path, Buffer.from(Array.from({ length: 1 + next(40) }, () => next(256)))),
	overwrite: (path: string, next: (below: number) => number) => {
		const file = openSync(path, "r+");
		writeSync(file, Buffer.alloc(64, next(256)), 0, 64, next(Math.max(1, statSync(path).size)));
		closeSync(file);
	},
};

const stores: Record<string, { fixture: string; location: (folder: string) => string }> = {
	"an MLflow 2 folder": { fixture: "mlflow/file-2.14", location: (folder) => join(folder, "mlruns") },
	"an MLflow 3 folder": { fixture: "mlflow/file-3.17", location: (folder) => join(folder, "mlruns") },
	"an MLflow 2 SQLite file": { fixture: "mlflow/sqlite-2.14", location: (folder) => join(folder, "mlflow.db") },
	"an MLflow 3 SQLite file": { fixture: "mlflow/sqlite-3.17", location: (folder) => join(folder, "mlflow.db") },
	"a TensorBoard folder": { fixture: "tensorboard", location: (folder) => join(folder, "logs") },
};

describe.skipIf(!fixturesPresent)("damaged stores (needs the shared fixtures)", () => {
	for (const [name, { fixture, location }] of Object.entries(stores)) {
		test(`${name}, damaged at random, is read as far as it goes and never written`, {
			timeout: rounds * hangMs,
		}, async () => {
			let read = 0;
			for (let seed = 1; seed <= rounds; seed++) {
				const folder = copy(fixture);
				const next = random(seed);
				const files = filesBelow(folder);
				for (let hits = 1 + next(12); hits > 0; hits--) {
					const path = files[next(files.length)] ?? "";
					const kind = (Object.keys(damages) as (keyof typeof damages)[])[next(4)] ?? "flip";
					damages[kind](path, next);
				}
				const before = treeDigest(folder);
				const beganMs = Date.now();
				let store: Awaited<ReturnType<typeof openStore>> | undefined;
				try {
					store = await openStore({ uri: location(folder) });
				} catch (error) {
					expect(error, `seed ${seed}`).toMatchObject({ name: "GammaError" });
				}
				if (store) {
					const { runs } = await exerciseStore(store);
					read += runs.length;
					store.dispose();
				}
				expect(Date.now() - beganMs, `seed ${seed}`).toBeLessThan(hangMs);
				expect(treeDigest(folder), `seed ${seed} left the store as it was`).toBe(before);
			}
			expect(read).toBeGreaterThan(rounds);
		});
	}
});

describe("hostile stores", () => {
	function hostileFolder(): { folder: string; runs: string } {
		const folder = execFileSync("mktemp", ["-d", join(tmpdir(), "gamma-hostile-XXXXXX")], { encoding: "utf8" }).trim();
		folders.push(folder);
		const runs = join(folder, "mlruns", "1");
		mkdirSync(runs, { recursive: true });
		writeFileSync(
			join(runs, "meta.yaml"),
			"artifact_location: file:///etc\nexperiment_id: '1'\nlifecycle_stage: active\nname: '<img src=x onerror=alert(1)>'\ncreation_time: 1\nlast_update_time: 1\n",
		);
		return { folder, runs };
	}

	function addRun(
		runs: string,
		id: string,
		fields: Record<string, string> = {},
		tags: Record<string, string> = {},
	): string {
		const folder = join(runs, id);
		for (const part of ["metrics", "params", "tags", "artifacts"]) mkdirSync(join(folder, part), { recursive: true });
		const meta: Record<string, string> = {
			artifact_uri: "file:///etc",
			end_time: "2000",
			experiment_id: "'1'",
			lifecycle_stage: "active",
			run_id: id,
			run_name: `'${id}'`,
			start_time: "1000",
			status: "3",
			user_id: "x",
			...fields,
		};
		writeFileSync(
			join(folder, "meta.yaml"),
			Object.entries(meta)
				.map(([key, value]) => `${key}: ${value}\n`)
				.join(""),
		);
		for (const [key, value] of Object.entries(tags)) writeFileSync(join(folder, "tags", key), value);
		writeFileSync(join(folder, "metrics", "loss"), "1000 0.5 1\n");
		return folder;
	}

	const id = (letter: string) => letter.repeat(32);

	test("names with HTML, params of 10 MB and runs that are each other's parent are only data", async () => {
		const { folder, runs } = hostileFolder();
		const big = addRun(
			runs,
			id("a"),
			{ run_name: "\"<script>alert('x')</script>\"" },
			{ "mlflow.parentRunId": id("b") },
		);
		writeFileSync(join(big, "params", "huge"), "x".repeat(10_000_000));
		addRun(runs, id("b"), {}, { "mlflow.parentRunId": id("a") });
		addRun(runs, id("c"), {}, { "mlflow.parentRunId": id("c") });
		const before = treeDigest(folder);
		const store = await openStore({ uri: join(folder, "mlruns") });
		const found = await exerciseStore(store);
		store.dispose();
		expect(found.runs.map((run) => run.id).sort()).toEqual([id("a"), id("b"), id("c")]);
		expect(found.runs.find((run) => run.id === id("a"))?.name).toBe("<script>alert('x')</script>");
		expect(found.points).toBe(3);
		expect(treeDigest(folder)).toBe(before);
	});

	test("an artifact address outside the store opens nothing there, nor does a link out of it", async () => {
		const { folder, runs } = hostileFolder();
		const linked = addRun(runs, id("a"));
		symlinkSync("/etc", join(linked, "artifacts", "out"));
		symlinkSync("/etc/passwd", join(linked, "artifacts", "passwd"));
		const store = await openStore({ uri: join(folder, "mlruns") });
		const names = (await store.artifacts(id("a"), "")).map((entry) => entry.path);
		expect(names).not.toContain("hostname");
		for (const path of ["out/passwd", "passwd", "out/hostname"]) {
			await expect(store.readArtifact(id("a"), path)).rejects.toMatchObject({ name: "GammaError" });
		}
		await exerciseStore(store);
		store.dispose();
	});

	test("one damaged run costs that run, with its reason, and never the list", async () => {
		const { folder, runs } = hostileFolder();
		addRun(runs, id("a"));
		const damaged: Record<string, (run: string) => void> = {
			[id("b")]: (run) => writeFileSync(join(run, "meta.yaml"), ""),
			[id("c")]: (run) => writeFileSync(join(run, "meta.yaml"), "status: ["),
			[id("d")]: (run) => writeFileSync(join(run, "meta.yaml"), Buffer.from([0xff, 0xfe, 0, 1, 2])),
			[id("e")]: (run) => writeFileSync(join(run, "meta.yaml"), `run_name: ${"x".repeat(20_000_000)}\n`),
			[id("f")]: (run) =>
				writeFileSync(
					join(run, "meta.yaml"),
					readFileSync(join(run, "meta.yaml"), "utf8").replace("status: 3", "status: 99"),
				),
		};
		for (const [runId, damage] of Object.entries(damaged)) damage(addRun(runs, runId));
		const store = await openStore({ uri: join(folder, "mlruns") });
		const found = await exerciseStore(store);
		store.dispose();
		expect(found.runs.find((run) => run.id === id("a"))?.problem).toBeNull();
		for (const runId of Object.keys(damaged)) {
			expect(found.runs.find((run) => run.id === runId)?.problem, runId).toContain(runId);
		}
	});
});
