import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { type Connection, type Database, transact } from "./database";

/** The bundled relay has the engine's own files in a folder beside it (`esbuild.mjs`), since it looks for its data there. */
const isBundled = typeof __filename === "string" && __filename.endsWith("main.js");

async function loadEngine(): Promise<typeof import("@electric-sql/pglite")> {
	const file = "./pglite/index.cjs";
	return isBundled ? require(file) : import("@electric-sql/pglite");
}

/** Postgres inside this process, kept in a folder: one person's relay, nothing to install. Transactions take turns. */
export async function openEmbedded(dataDir: string): Promise<Database> {
	const { PGlite } = await loadEngine();
	const folder = resolve(dataDir, "postgres");
	await mkdir(folder, { recursive: true });
	const engine: PGlite = await PGlite.create(folder);
	const connection: Connection = {
		async query<Row>(sql: string, values: readonly unknown[] = []) {
			// A text of several statements takes the simple protocol, which takes no values.
			if (values.length === 0) return ((await engine.exec(sql)).at(-1)?.rows as Row[] | undefined) ?? [];
			return (await engine.query<Row>(sql, [...values])).rows;
		},
	};
	let last: Promise<unknown> = Promise.resolve();
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
		const mine = last.then(work, work);
		last = mine.catch(() => {});
		return mine;
	};
	return {
		asRelay: (work) => inTurn(() => transact(connection, "service_role", null, work)),
		asUser: (userId, work) => inTurn(() => transact(connection, "authenticated", userId, work)),
		asOwner: (work) => inTurn(() => transact(connection, null, null, work)),
		async listen(channel, onNotice) {
			const stop = await inTurn(() => engine.listen(channel, onNotice));
			onNotice();
			return () => inTurn(() => stop());
		},
		close: () => inTurn(() => engine.close()),
	};
}
