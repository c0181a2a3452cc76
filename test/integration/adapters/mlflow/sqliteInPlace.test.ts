import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isMlflowSqlite, MlflowSqliteStore } from "../../../../src/adapters/mlflow/sqliteStore";
import { allRuns } from "../../../support/expectedRuns";
import { fixturesPresent } from "../../../support/fixtures";
import { SqliteProject } from "../../../support/sqliteProject";
import { treeDigest } from "../../../support/treeDigest";

const owned: { dispose(): void }[] = [];
function own<T extends { dispose(): void }>(made: T): T {
	owned.push(made);
	return made;
}
afterEach(() => {
	vi.restoreAllMocks();
	for (const made of owned.splice(0).reverse()) made.dispose();
});

function aProject(journal: "DELETE" | "WAL", version: "2.14" | "3.17" = "3.17"): SqliteProject {
	const project = own(new SqliteProject(version));
	project.writer.exec(`PRAGMA journal_mode = ${journal}`);
	project.addRun("a", 1000);
	project.log("a", "loss", [
		[0, 1000, 2.5],
		[1, 1001, null],
	]);
	return project;
}

function aStore(project: SqliteProject): MlflowSqliteStore {
	return own(new MlflowSqliteStore({ id: "s", file: project.file, label: "mlflow.db" }));
}

async function namesIn(store: MlflowSqliteStore): Promise<string[]> {
	return (await store.search({ view: "all" })).map((run) => run.name);
}

describe.skipIf(!fixturesPresent)("an SQLite store whose owner is someone else (skipped without fixtures)", () => {
	test.each(["DELETE", "WAL"] as const)("is read while it is open for writing, with a %s journal", async (journal) => {
		const project = aProject(journal);
		const store = aStore(project);
		const before = project.listing;
		expect(await namesIn(store)).toEqual(["run-a"]);
		project.addRun("b", 2000);
		expect(await namesIn(store)).toEqual(["run-b", "run-a"]);
		expect([...(await store.history("a", "loss")).values]).toEqual([2.5, Number.NaN]);
		expect(project.listing).toEqual(before);
	});

	test("is read within an open write transaction as it was before it", async () => {
		const project = aProject("DELETE");
		const store = aStore(project);
		project.writer.exec("BEGIN IMMEDIATE");
		project.addRun("b", 2000);
		expect(await namesIn(store)).toEqual(["run-a"]);
		project.writer.exec("COMMIT");
		expect(await namesIn(store)).toEqual(["run-b", "run-a"]);
	});

	test("with a write-ahead log that its writer closed, gets no new files", async () => {
		const project = aProject("WAL");
		project.writer.close();
		expect(project.listing).toEqual(["mlflow.db"]);
		const before = treeDigest(project.folder);
		expect(await isMlflowSqlite(project.file)).toBe(true);
		expect(await namesIn(aStore(project))).toEqual(["run-a"]);
		expect(treeDigest(project.folder)).toBe(before);
	});

	test("lets the writer that ends tidy up its write-ahead log", async () => {
		const project = aProject("WAL");
		expect(await namesIn(aStore(project))).toEqual(["run-a"]);
		project.writer.close();
		expect(project.listing).toEqual(["mlflow.db"]);
	});

	test("with a log of a writer that died, is read with what is only in the log, and stays as it was", async () => {
		const project = aProject("WAL");
		const crashed = own(new SqliteProject());
		crashed.writer.close();
		for (const suffix of ["", "-wal"]) copyFileSync(project.file + suffix, crashed.file + suffix);
		const before = treeDigest(crashed.folder);
		const store = aStore(crashed);
		expect(await namesIn(store)).toEqual(["run-a"]);
		expect((await store.history("a", "loss")).steps.length).toBe(2);
		expect(treeDigest(crashed.folder)).toBe(before);
		expect(crashed.listing).toEqual(["mlflow.db", "mlflow.db-wal"]);
	});

	test("with a rollback journal of a writer that died, is read as it was before that write, and stays as it was", async () => {
		const project = aProject("DELETE");
		const crashed = own(new SqliteProject());
		crashed.writer.close();
		// A small cache spills into the database before the commit: the copy is of a half-written one.
		project.writer.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN");
		project.addRun("half", 3000);
		for (let i = 0; i < 2000; i++) project.setParam("half", `p${i}`, "x".repeat(100));
		for (const suffix of ["", "-journal"]) copyFileSync(project.file + suffix, crashed.file + suffix);
		project.writer.exec("ROLLBACK");
		const before = treeDigest(crashed.folder);
		expect(await namesIn(aStore(crashed))).toEqual(["run-a"]);
		expect(treeDigest(crashed.folder)).toBe(before);
	});

	test("that stays locked is busy, not broken", async () => {
		const project = aProject("DELETE");
		project.writer.exec("BEGIN EXCLUSIVE");
		await expect(namesIn(aStore(project))).rejects.toMatchObject({ code: "store.busy" });
		project.writer.exec("COMMIT");
		expect(await namesIn(aStore(project))).toEqual(["run-a"]);
	});

	test("that is gone is missing, and read again when it is back", async () => {
		const project = aProject("DELETE");
		project.writer.close();
		const bytes = readFileSync(project.file);
		const store = aStore(project);
		rmSync(project.file);
		await expect(namesIn(store)).rejects.toMatchObject({ code: "store.missing" });
		writeFileSync(project.file, bytes);
		expect(await namesIn(store)).toEqual(["run-a"]);
	});

	test("that is cut short is damaged, in one sentence with its path", async () => {
		const project = aProject("DELETE");
		project.writer.close();
		truncateSync(project.file, 20_000);
		await expect(namesIn(aStore(project))).rejects.toMatchObject({
			code: "store.damaged",
			message: expect.stringContaining(project.file),
		});
	});

	test("with a damaged page loses no more than the runs on it", async () => {
		const project = own(new SqliteProject());
		for (let i = 0; i < 400; i++) {
			project.addRun(`r${i}`, 1000 + i);
			project.setParam(`r${i}`, "note", `${"x".repeat(100)}${i}`);
		}
		project.writer.exec("VACUUM");
		const page = project.writer
			.prepare("SELECT pageno FROM dbstat WHERE name = 'params' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 3")
			.get();
		const { page_size: pageSize } = project.writer.prepare("PRAGMA page_size").get() as { page_size: number };
		project.writer.close();
		const bytes = readFileSync(project.file);
		bytes.fill(0xff, (Number(page!.pageno) - 1) * pageSize, Number(page!.pageno) * pageSize);
		writeFileSync(project.file, bytes);
		const runs = await allRuns(aStore(project));
		const damaged = runs.filter((run) => run.problem !== null);
		expect(runs.length).toBe(400);
		expect(damaged.length).toBeGreaterThan(0);
		expect(damaged.length).toBeLessThan(60);
		expect(runs.filter((run) => run.problem === null).every((run) => run.params.note !== undefined)).toBe(true);
	});

	test("with hostile rows stays a list of runs", async () => {
		const project = aProject("DELETE", "2.14");
		const { writer } = project;
		writer.exec("PRAGMA ignore_check_constraints = 1");
		project.setParam("a", "__proto__", "polluted");
		writer.exec("INSERT INTO params VALUES ('blob', x'fffe41', 'a'), ('big', 9223372036854775807, 'a')");
		writer.exec("INSERT INTO metrics VALUES ('big', 1e999, 9223372036854775807, 'a', 9223372036854775807, 0)");
		writer.exec("INSERT INTO latest_metrics VALUES ('big', 'text', 9223372036854775807, 1, 0, 'a')");
		writer.exec("UPDATE runs SET status = 'ODD', start_time = 9223372036854775807, end_time = 'never'");
		const [run] = await allRuns(aStore(project));
		expect(Object.hasOwn(run!.params, "__proto__")).toBe(true);
		expect(({} as Record<string, string>).polluted).toBeUndefined();
		expect(run!.params.big).toBe("9223372036854775807");
		expect(run!.problem).toContain("ODD");
		expect((await aStore(project).history("a", "big")).values[0]).toBe(Number.POSITIVE_INFINITY);
	});

	test("needs a newer Node.js, and says so, where there is no SQLite in it", async () => {
		const project = aProject("DELETE");
		vi.spyOn(process, "getBuiltinModule").mockImplementation(() => undefined as never);
		await expect(namesIn(aStore(project))).rejects.toMatchObject({
			code: "platform.unsupported",
			message: expect.stringContaining("22.13"),
		});
		expect(await isMlflowSqlite(project.file)).toBe(true);
	});

	test("that is SQLite but not MLflow's is not taken for one", async () => {
		const project = aProject("DELETE");
		project.writer.exec("ALTER TABLE runs RENAME TO walks");
		expect(await isMlflowSqlite(project.file)).toBe(false);
		await expect(namesIn(aStore(project))).rejects.toMatchObject({ code: "store.unrecognised" });
		const other = new DatabaseSync(`${project.folder}/other.db`);
		other.close();
		expect(existsSync(`${project.folder}/other.db`) && (await isMlflowSqlite(`${project.folder}/other.db`))).toBe(
			false,
		);
	});
});
