import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { isRelayProcess } from "./relayProcess";

/** `url` is null while it starts. */
const stateSchema = z.object({
	url: z.nullable(z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost|\[::1\])$/ })),
	pid: z.int().check(z.positive()),
	/** ISO 8601, UTC. */
	startedAt: z.string(),
});
export type RelayState = z.infer<typeof stateSchema>;

/** How often a claim is tried again that another process took or gave up in between. */
const claimTries = 5;

/**
 * The files by which the local relay is found: `relay.json` with its address and pid, `token` that only this user can read.
 * `relay.json` is also its lock: there is one relay on this folder's database, or none.
 */
export class RelayFiles {
	readonly #statePath: string;
	readonly #tokenPath: string;
	readonly logPath: string;
	/** Of the embedded database. */
	readonly dataDir: string;

	constructor(readonly folder: string) {
		this.#statePath = join(folder, "relay.json");
		this.#tokenPath = join(folder, "token");
		this.logPath = join(folder, "relay.log");
		this.dataDir = join(folder, "data");
	}

	/** What the last relay left; null when none did, or something else is there. */
	async read(): Promise<RelayState | null> {
		return parseState(await readFile(this.#statePath, "utf8").catch(() => ""));
	}

	async readToken(): Promise<string | null> {
		const text = await readFile(this.#tokenPath, "utf8").catch(() => "");
		return text.trim() === "" ? null : text.trim();
	}

	async makeFolder(): Promise<void> {
		await mkdir(this.folder, { recursive: true, mode: 0o700 });
	}

	/** Makes this process the one relay of the folder. Throws `relay.refused` when another one is. */
	async claim(pid = process.pid): Promise<void> {
		await this.makeFolder();
		const state: RelayState = { url: null, pid, startedAt: new Date().toISOString() };
		const mine = `${this.#statePath}.${pid}`;
		await writeFile(mine, JSON.stringify(state), { mode: 0o600 });
		try {
			for (let tries = 0; tries < claimTries; tries++) {
				// Whole or not at all, and never over another's.
				if (await succeeds(link(mine, this.#statePath))) return;
				const holder = await this.read();
				if (holder !== null && holder.pid !== pid && (await isRelayProcess(holder.pid))) throw isRunning(holder);
				await this.#clear(holder);
			}
		} finally {
			await rm(mine, { force: true });
		}
		throw new GammaError(
			"relay.refused",
			`${this.#statePath} cannot be replaced: remove it and start the relay again.`,
		);
	}

	/** Tells where this relay answers now, and with which token. */
	async publish(url: string, token: string, pid = process.pid): Promise<void> {
		const startedAt = (await this.read())?.startedAt ?? new Date().toISOString();
		await replace(this.#tokenPath, token);
		await replace(this.#statePath, JSON.stringify({ url, pid, startedAt } satisfies RelayState));
	}

	/** After its end: what another relay left stays. */
	async release(pid = process.pid): Promise<void> {
		const state = await this.read();
		if (state?.pid === pid) await this.#clear(state);
	}

	/** Takes away what a relay left that is no more; what another process put there since is put back. */
	async #clear(stale: RelayState | null): Promise<void> {
		const aside = `${this.#statePath}.old.${process.pid}`;
		if (!(await succeeds(rename(this.#statePath, aside)))) return;
		const taken = parseState(await readFile(aside, "utf8").catch(() => ""));
		if (taken !== null && (taken.pid !== stale?.pid || taken.startedAt !== stale.startedAt)) {
			await succeeds(link(aside, this.#statePath));
		}
		await rm(aside, { force: true });
	}
}

function parseState(text: string): RelayState | null {
	try {
		const parsed = stateSchema.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}

/** Readers see the old text or the new one. */
async function replace(path: string, text: string): Promise<void> {
	const fresh = `${path}.${process.pid}`;
	await writeFile(fresh, text, { mode: 0o600 });
	await rename(fresh, path);
}

function isRunning({ url, pid }: RelayState): GammaError {
	const where = url === null ? "is starting" : `runs already at ${url}`;
	return new GammaError(
		"relay.refused",
		`The local relay ${where} (process ${pid}): use that one, or give another folder with --data.`,
	);
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
	return work.then(
		() => true,
		() => false,
	);
}
