import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../../../src/adapters/library/openStore";
import { copyOfFixture, fixturesPresent } from "../../../support/fixtures";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-open-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kindOf = async (uri: string) => {
	const store = await openStore({ uri });
	store.dispose();
	return [store.kind, store.label];
};

test.skipIf(!fixturesPresent)(
	"a folder store is known by itself and by the project that holds it (fixtures needed)",
	async () => {
		const project = copyOfFixture("mlflow/file-3.17");
		expect(await kindOf(join(project, "mlruns"))).toEqual(["mlflow-folder", "mlruns"]);
		expect(await kindOf(project)).toEqual(["mlflow-folder", "mlruns"]);
		expect(await kindOf(`file://${project}/mlruns`)).toEqual(["mlflow-folder", "mlruns"]);
		rmSync(project, { recursive: true });
	},
);

test.skipIf(!fixturesPresent)(
	"a database is known by file, URI, relative path and project (fixtures needed)",
	async () => {
		const project = copyOfFixture("mlflow/sqlite-2.14");
		const file = join(project, "mlflow.db");
		for (const uri of [file, `sqlite:///${file}`, `sqlite:///${relative(process.cwd(), file)}`, project]) {
			expect(await kindOf(uri)).toEqual(["mlflow-sqlite", "mlflow.db"]);
		}
		await expect(openStore({ uri: join(project, "mlruns") })).rejects.toMatchObject({ code: "store.unrecognised" });
		rmSync(project, { recursive: true });
	},
);

test("a store has one id, however it is reached", async () => {
	mkdirSync(join(folder, "logs"));
	writeFileSync(join(folder, "logs", "events.out.tfevents.1.host"), "");
	symlinkSync(join(folder, "logs"), join(folder, "link"));
	const direct = await openStore({ uri: join(folder, "logs") });
	const linked = await openStore({ uri: join(folder, "link"), label: "mine" });
	expect(direct.kind).toBe("tensorboard");
	expect(direct.id).toMatch(/^[0-9a-f]{8}$/);
	expect([linked.id, linked.uri, linked.label]).toEqual([direct.id, direct.uri, "mine"]);
});

test("a server's password is in nothing it says of itself", async () => {
	const store = await openStore({ uri: "http://me:hunter2@127.0.0.1:9/base/" });
	expect([store.kind, store.uri, store.label]).toEqual([
		"mlflow-server",
		"http://127.0.0.1:9/base",
		"127.0.0.1:9/base",
	]);
	store.dispose();
});

test.each([
	["nowhere", "store.missing", "There is no folder or file at"],
	["empty", "store.unrecognised", "no MLflow experiment"],
	["notes.txt", "store.unrecognised", "neither an SQLite database with MLflow's tables nor a TensorBoard event file"],
])("%s is refused as %s with what was looked for", async (name, code, sentence) => {
	mkdirSync(join(folder, "empty"));
	writeFileSync(join(folder, "notes.txt"), "hello");
	await expect(openStore({ uri: join(folder, name) })).rejects.toMatchObject({
		code,
		message: expect.stringContaining(sentence),
	});
});
