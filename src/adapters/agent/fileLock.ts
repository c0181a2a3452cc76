import { open, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Whoever holds one writes a small file: a lock this old is of a process that ended. */
const staleMs = 10_000;
const lookAgainMs = 15;

/** One at a time in this process, and among all that lock the same file. */
export class FileLock {
	readonly #turns = new Map<string, Promise<unknown>>();

	/** `file` is made for as long as `work` takes; what it throws is thrown. */
	async held<T>(file: string, work: () => Promise<T>): Promise<T> {
		const before = this.#turns.get(file) ?? Promise.resolve();
		const turn = before.then(() => locked(file, work));
		const settled = turn.catch(() => {});
		this.#turns.set(file, settled);
		void settled.then(() => {
			if (this.#turns.get(file) === settled) this.#turns.delete(file);
		});
		return turn;
	}
}

async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
	for (;;) {
		const handle = await open(file, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
			if (error.code === "EEXIST") return null;
			throw error;
		});
		if (handle) {
			await handle.close();
			break;
		}
		const made = await stat(file).catch(() => null);
		if (made && Date.now() - made.mtimeMs > staleMs) await rm(file, { force: true });
		else await sleep(lookAgainMs);
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}
