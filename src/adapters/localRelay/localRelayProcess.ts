import { type ChildProcess, spawn } from "node:child_process";
import { open, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Disposable } from "../../core/disposable";
import type { LocalRelay, RunningRelay } from "../../core/relay/localRelay";
import { GammaError } from "../../shared/errors";
import { PathWatcher } from "../files/pathWatcher";
import { logEnd, rotateLog } from "./logEnd";
import { probeRelay } from "./probeRelay";
import { RelayFiles } from "./relayFiles";
import { isRelayProcess } from "./relayProcess";

/** A first start makes the database: seconds, on a busy machine many. */
const startWithinMs = 90_000;
/** The relay gives its open requests 20 s. */
const stopWithinMs = 30_000;
const lookEveryMs = 100;
/** A relay that was killed says nothing: it is missed by then. */
const pollMs = 3_000;

/** Settings of other servers, and of the editor's own debugger, that must not become this relay's. */
const notPassedOn =
	/^(PORT|HOST|DATABASE_URL|SUPABASE_\w+|GAMMA_(DATA_DIR|LOCAL_TOKEN)|GITHUB_(APP|API)_\w+|NODE_OPTIONS|VSCODE_\w+)$/;

export interface LocalRelayOptions {
	readonly folder: string;
	/** `dist/server/main.js`. */
	readonly programPath: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The editor's own, which runs programs of Node when ELECTRON_RUN_AS_NODE is set. */
	readonly nodePath?: string;
}

interface Starting {
	readonly child: ChildProcess;
	/** How the process ended, or why there is none; null while it runs. */
	end: string | null;
}

/** The port `LocalRelay` over a detached process and the files it leaves (`RelayFiles`). */
export class LocalRelayProcess implements LocalRelay {
	readonly #files: RelayFiles;

	constructor(private readonly options: LocalRelayOptions) {
		this.#files = new RelayFiles(options.folder);
	}

	get logPath(): string {
		return this.#files.logPath;
	}

	async find(): Promise<RunningRelay | null> {
		const state = await this.#files.read();
		const token = await this.#files.readToken();
		if (!state?.url || token === null) return null;
		const answer = await probeRelay(state.url, token);
		// A machine that is busy is no reason to believe that it has gone.
		const isThere = answer === "ours" || (answer === "silent" && (await isRelayProcess(state.pid)));
		if (!isThere) return null;
		return { url: state.url, token, pid: state.pid, startedAtMs: Date.parse(state.startedAt) };
	}

	async start(signal?: AbortSignal): Promise<RunningRelay> {
		const running = await this.find();
		if (running) return running;
		await this.#files.makeFolder();
		await rotateLog(this.logPath);
		const logStart = (await stat(this.logPath).catch(() => null))?.size ?? 0;
		const starting = await this.#spawn();
		const latestMs = Date.now() + startWithinMs;
		while (Date.now() < latestMs) {
			if (signal?.aborted) {
				starting.child.kill();
				throw new GammaError("call.cancelled", "The start of the local relay was cancelled.");
			}
			const isLast = starting.end !== null && !(await this.#isStartingElsewhere(starting.child));
			const found = await this.find();
			if (found) return found;
			if (isLast) throw await this.#notStarted(logStart, starting.end ?? "");
			await delay(lookEveryMs);
		}
		starting.child.kill();
		throw await this.#notStarted(logStart, `it has not answered within ${startWithinMs / 1000} s.`);
	}

	async stop(): Promise<boolean> {
		const state = await this.#files.read();
		if (state === null) return false;
		// Only what is a relay by its command line, or answers with our token, is ours to end.
		const isOurs = (await isRelayProcess(state.pid)) || (await this.find()) !== null;
		if (!isOurs) {
			await this.#files.release(state.pid);
			return false;
		}
		process.kill(state.pid, "SIGTERM");
		const latestMs = Date.now() + stopWithinMs;
		while (await isRelayProcess(state.pid)) {
			if (Date.now() > latestMs) {
				const message = `The local relay (process ${state.pid}) does not end: its log says what it waits for.`;
				throw new GammaError("relay.refused", message);
			}
			await delay(lookEveryMs);
		}
		// Windows ends it at once, and it cannot tidy up itself.
		await this.#files.release(state.pid);
		return true;
	}

	watch(onHint: () => void): Disposable {
		let last = "";
		const look = async () => {
			const state = await this.#files.read();
			const seen = JSON.stringify([state, state !== null && (await isRelayProcess(state.pid))]);
			if (seen !== last) onHint();
			last = seen;
		};
		const watcher = new PathWatcher(() => void look(), { pollMs });
		watcher.setPaths([this.#files.folder]);
		void look();
		return watcher;
	}

	async #spawn(): Promise<Starting> {
		const { environment, programPath, folder, nodePath = process.execPath } = this.options;
		const passedOn = Object.entries(environment).filter(([name]) => !notPassedOn.test(name));
		const log = await open(this.logPath, "a", 0o600);
		try {
			const child = spawn(nodePath, [programPath, "--local", folder], {
				cwd: folder,
				env: { LOG_LEVEL: "warn", ...Object.fromEntries(passedOn), ELECTRON_RUN_AS_NODE: "1" },
				// Of its own group, and with no pipe to this window: it stays when the window goes. The first line has the token.
				detached: true,
				stdio: ["ignore", "ignore", log.fd],
				windowsHide: true,
			});
			child.unref();
			const starting: Starting = { child, end: null };
			child.once("exit", (code) => {
				starting.end = `it ended with code ${code}.`;
			});
			child.once("error", (error) => {
				starting.end = `${error.message}.`;
			});
			return starting;
		} finally {
			await log.close();
		}
	}

	/** Another window was first, and its relay is on the way. */
	async #isStartingElsewhere(child: ChildProcess): Promise<boolean> {
		const state = await this.#files.read();
		return state !== null && state.pid !== child.pid && (await isRelayProcess(state.pid));
	}

	async #notStarted(logStart: number, end: string): Promise<GammaError> {
		const reason = (await logEnd(this.logPath, logStart)) ?? end;
		return new GammaError("relay.notStarted", `The local relay did not start: ${reason}`);
	}
}
