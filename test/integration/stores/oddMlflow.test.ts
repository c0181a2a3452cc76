import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { openStore } from "../../../src/adapters/library/openStore";
import { toJsonText } from "../../../src/cli/toJsonText";
import type { TrackingStore } from "../../../src/core/stores/trackingStore";
import { GammaError } from "../../../src/shared/errors";
import { allArtifacts } from "../../support/expectedRuns";
import { GammaCommand } from "../../support/gammaCommand";
import { type RunningServer, startMlflowServer } from "../../support/mlflowServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { treeDigest } from "../../support/treeDigest";

const script = join(import.meta.dirname, "../../support/python/oddStore.py");
const python = process.env.GAMMA_PYTHON;
const python2 = process.env.GAMMA_PYTHON_MLFLOW2;

interface Case {
	readonly title: string;
	readonly python: string | undefined;
	readonly kind: "folder" | "sqlite" | "server";
	/** The server's database; SQLite when absent. */
	readonly isOnPostgres?: boolean;
	/** What its version of MLflow does not know yet and Gamma does. */
	readonly tooNew?: RegExp;
}

const cases: readonly Case[] = [
	{ title: "a folder of MLflow 3", python, kind: "folder" },
	{ title: "an SQLite file of MLflow 3", python, kind: "sqlite" },
	{ title: "a server of MLflow 3 on PostgreSQL", python: postgresFolder && python, kind: "server", isOnPostgres: true },
	{ title: "a folder of MLflow 2", python: python2, kind: "folder", tooNew: /IS (NOT )?NULL/ },
	{ title: "an SQLite file of MLflow 2", python: python2, kind: "sqlite", tooNew: /IS (NOT )?NULL/ },
	{ title: "a server of MLflow 2", python: python2, kind: "server" },
];

const entry = z.object({ path: z.string(), isDir: z.boolean(), sizeBytes: z.nullable(z.number()) });
const told = z.object({
	active: z.array(z.looseObject({ id: z.string() })),
	deleted: z.array(z.looseObject({ id: z.string() })),
	histories: z.array(z.looseObject({ runId: z.string(), key: z.string() })),
	artifacts: z.record(z.string(), z.array(entry)),
	searches: z.array(
		z.object({
			filter: z.string(),
			order: z.optional(z.array(z.string())),
			limit: z.optional(z.number()),
			ids: z.optional(z.array(z.string())),
			refused: z.optional(z.string()),
		}),
	),
});

const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());

describe.each(cases)("$title, full of odd things (skipped without its Python or PostgreSQL)", (one) => {
	const interpreter = one.python ?? "";
	const here = test.skipIf(interpreter === "");
	// The name is one that addresses may stumble over.
	const folder = join(mkdtempSync(join(tmpdir(), "gamma-odd-")), "100% späte runs");
	const path = join(folder, one.kind === "folder" ? "mlruns" : "mlflow.db");
	const before: { digest?: string } = {};
	let postgres: PostgresServer | undefined;
	let server: RunningServer | undefined;
	let address: string;
	let store: TrackingStore;
	let expected: z.infer<typeof told>;

	beforeAll(async () => {
		if (interpreter === "") return;
		mkdirSync(folder);
		if (one.isOnPostgres) postgres = await startPostgres();
		let uri = one.kind === "folder" ? path : `sqlite:///${path}`;
		if (one.kind === "server") {
			server = await startMlflowServer(interpreter, postgres?.url ?? uri, join(folder, "artifacts"));
			uri = server.url;
		}
		address = server?.url ?? path;
		expected = told.parse(makeStore(interpreter, folder, uri));
		store = await openStore({ uri: address });
		if (!server) before.digest = treeDigest(folder);
	});
	afterAll(async () => {
		store?.dispose();
		await server?.stop();
		await postgres?.stop();
		rmSync(join(folder, ".."), { recursive: true, force: true });
	});

	here("lists its runs, active and deleted, as its client does", async () => {
		expect(expected.active.length).toBeGreaterThan(90);
		expect(expected.deleted.length).toBeGreaterThan(4);
		expect(await gamma.json(["runs", "--store", address])).toEqual(expected.active);
		expect(await gamma.json(["runs", "--store", address, "--deleted"])).toEqual(expected.deleted);
	});

	here("has every point of every metric", async () => {
		expect(expected.histories.length).toBeGreaterThan(30);
		for (const { runId, key, ...columns } of expected.histories) {
			const { steps, values, timestampsMs } = await store.history(runId, key);
			const json = toJsonText({ steps: [...steps], values: [...values], timestampsMs: [...timestampsMs] });
			expect(JSON.parse(json), key).toEqual(columns);
		}
	});

	here("has its artifacts, whatever their names", async () => {
		for (const [runId, entries] of Object.entries(expected.artifacts)) {
			const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
			expect((await allArtifacts(store, runId)).sort(byPath)).toEqual([...entries].sort(byPath));
			for (const { path, isDir, sizeBytes } of entries) {
				// A backslash leads elsewhere on Windows: such a file is named, and not opened.
				if (path.includes("\\")) {
					await expect(store.readArtifact(runId, path)).rejects.toMatchObject({ code: "artifact.outside" });
				} else if (!isDir) expect((await store.readArtifact(runId, path)).bytes.length).toBe(sizeBytes ?? 0);
			}
		}
	});

	here("is searched as by its client", async () => {
		for (const { filter, order, limit, ids, refused } of expected.searches) {
			if (refused !== undefined && one.tooNew?.test(filter)) continue;
			const answer = await store
				.search({ view: "active", filter, ...(order && { orderBy: order }), ...(limit && { limit }) })
				.then(
					(runs) => runs.map((run) => run.id),
					(error: unknown) => (GammaError.is(error, "search.syntax") ? "refused" : error),
				);
			expect(answer, `${filter} by ${order} (${refused})`).toEqual(ids ?? "refused");
		}
	});

	here("is as it was", () => {
		if (before.digest !== undefined) expect(treeDigest(folder)).toBe(before.digest);
	});
});

/** Writes the store and answers what its client reads of it. */
function makeStore(interpreter: string, cwd: string, uri: string): unknown {
	const { status, stdout, stderr } = spawnSync(interpreter, [script, "make", uri, join(cwd, "files")], {
		encoding: "utf8",
		env: {
			...process.env,
			MLFLOW_ALLOW_FILE_STORE: "true",
			MLFLOW_DISABLE_TELEMETRY: "true",
			// PostgreSQL takes no NUL: the server fails on one, and its client would try for minutes.
			MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
			PYTHONWARNINGS: "ignore",
		},
		cwd,
		maxBuffer: 1 << 28,
	});
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}
