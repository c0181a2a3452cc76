import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { EndStatus, LoggedPoint, NewRun, RecordedRun } from "../../core/sidecar/recordedRun";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { ServerRefusal } from "../mlflow/serverClient";
import { ServerWriter } from "./serverWriter";
import { Spool, type SpoolEvent } from "./spool";

/** MLflow's limit (utils/validation.py). */
const mostMetricsAtOnce = 1000;
const flushEveryMs = 500;
/** As in a folder: a script's own point is the one that stays. */
const firstHeldMs = 2000;
/** A training does not wait longer for a server to take its run. */
const longestStartMs = 5000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;
/** After the command's end. */
const longestEndMs = 30_000;

interface ServerRunOptions {
	readonly location: StoreLocation;
	readonly run: NewRun;
	readonly spoolFolder: string;
}

/** A run on an MLflow server. Everything goes to a spool on disk first, and from there to the server when it is there. */
export class ServerRun implements RecordedRun {
	readonly id: string | null;
	readonly metaPath = null;
	readonly environment: Readonly<Record<string, string>>;
	readonly #spool: Spool;
	readonly #writer: ServerWriter;
	readonly #waiting = new Map<string, { sinceMs: number; points: LoggedPoint[] }>();
	readonly #begun = new Set<string>();
	readonly #timer: NodeJS.Timeout;
	readonly #stop = new AbortController();
	readonly #sending: Promise<void>;
	#problem: string | null = null;
	#hasSentLeft = false;

	/** Rejects where the server says no; a server that is away is waited for while the training runs. */
	static async start({ location, run, spoolFolder }: ServerRunOptions): Promise<ServerRun> {
		const writer = new ServerWriter(location);
		const { address } = writer.client;
		const left = Spool.takeLeft(spoolFolder, address);
		const spool = Spool.create(spoolFolder, { address, run });
		const beginning = writer.begin(spool);
		try {
			await Promise.race([beginning, wait(longestStartMs, undefined, { ref: false })]);
		} catch (error) {
			if (isFinal(error)) {
				spool.remove();
				throw error;
			}
		}
		return new ServerRun(location, spool, writer, beginning, left);
	}

	private constructor(
		private readonly location: StoreLocation,
		spool: Spool,
		writer: ServerWriter,
		beginning: Promise<void>,
		private readonly left: readonly Spool[],
	) {
		this.#spool = spool;
		this.#writer = writer;
		this.id = spool.header.runId;
		const { experimentId } = spool.header;
		this.environment = {
			MLFLOW_TRACKING_URI: location.uri,
			...(this.id !== null && { MLFLOW_RUN_ID: this.id, GAMMA_RUN_ID: this.id }),
			...(this.id !== null && experimentId !== null && { MLFLOW_EXPERIMENT_ID: experimentId }),
		};
		this.#timer = setInterval(() => this.#flush(false), flushEveryMs).unref();
		const begun = beginning.catch(() => {});
		this.#sending = begun.then(() => this.#sendUntilStopped());
	}

	localPath(artifactPath: string): string {
		return this.#spool.localPath(artifactPath);
	}

	log(points: readonly LoggedPoint[]): void {
		for (const point of points) {
			const waiting = this.#waiting.get(point.key) ?? { sinceMs: Date.now(), points: [] };
			waiting.points.push(point);
			this.#waiting.set(point.key, waiting);
		}
	}

	tag(key: string, value: string): void {
		this.#append([{ kind: "tag", key, value }]);
	}

	keep(artifactPath: string): void {
		this.#append([{ kind: "artifact", path: artifactPath }]);
	}

	async finish(status: EndStatus, endTimeMs: number): Promise<string | null> {
		clearInterval(this.#timer);
		this.#flush(true);
		this.#append([{ kind: "end", status, endTimeMs }]);
		this.#stop.abort();
		await this.#sending;
		const isSent = await this.#drainFor(longestEndMs);
		if (isSent) await this.#sendLeft();
		const { folder } = this.#spool;
		if (this.#problem !== null) return `The run is not complete: ${this.#problem}.`;
		if (!isSent)
			return `The server ${this.#writer.client.address} is away; the run waits in ${folder} and is sent by the next gamma exec to it.`;
		if (existsSync(join(folder, "refused.jsonl")))
			return `The server did not take all of the run; what it refused is in ${folder}.`;
		this.#spool.remove();
		return null;
	}

	#flush(isLast: boolean): void {
		const now = Date.now();
		const due: LoggedPoint[] = [];
		for (const [key, { sinceMs, points }] of [...this.#waiting]) {
			if (!isLast && !this.#begun.has(key) && now - sinceMs < firstHeldMs) continue;
			this.#begun.add(key);
			this.#waiting.delete(key);
			for (const point of points) due.push(point);
		}
		const events: SpoolEvent[] = [];
		for (let at = 0; at < due.length; at += mostMetricsAtOnce) {
			events.push({ kind: "metrics", metrics: due.slice(at, at + mostMetricsAtOnce).map(toWire) });
		}
		this.#append(events);
	}

	#append(events: readonly SpoolEvent[]): void {
		try {
			this.#spool.append(events);
		} catch (error) {
			this.#problem = error instanceof Error ? error.message : String(error);
		}
	}

	async #sendUntilStopped(): Promise<void> {
		let delayMs = firstRetryMs;
		while (!this.#stop.signal.aborted) {
			const isSent = await this.#tryDrain();
			if (isSent) await this.#sendLeft();
			delayMs = isSent ? flushEveryMs : Math.min(longestRetryMs, Math.max(firstRetryMs, delayMs * 2));
			await wait(delayMs, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
		}
	}

	async #drainFor(longestMs: number): Promise<boolean> {
		const endMs = Date.now() + longestMs;
		for (let delayMs = firstRetryMs; ; delayMs = Math.min(delayMs * 2, 5000)) {
			if (await this.#tryDrain()) return true;
			if (Date.now() + delayMs > endMs) return false;
			await wait(delayMs);
		}
	}

	/** Earlier runs that the server was away for. */
	async #sendLeft(): Promise<void> {
		if (this.#hasSentLeft) return;
		try {
			for (const spool of this.left) {
				if (!existsSync(spool.folder)) continue;
				await new ServerWriter(this.location).drain(spool);
				if (!existsSync(join(spool.folder, "refused.jsonl"))) spool.remove();
			}
			this.#hasSentLeft = true;
		} catch {
			// The server went away again.
		}
	}

	async #tryDrain(): Promise<boolean> {
		return this.#writer.drain(this.#spool).then(
			() => true,
			() => false,
		);
	}
}

function isFinal(error: unknown): boolean {
	if (error instanceof ServerRefusal) return error.status < 500;
	return GammaError.is(error, "store.refused", "settings.invalid");
}

function toWire({ key, value, step, timestampMs }: LoggedPoint) {
	const written = Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity");
	return { key, value: written, timestamp: Math.trunc(timestampMs), step };
}
