import { setTimeout as wait } from "node:timers/promises";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import { backOffMs } from "../../core/relay/backOff";
import type { FeedReader, FeedState, ProjectFeed } from "../../core/relay/projectFeed";
import type { RelayEvent } from "../../core/relay/relay";
import { GammaError } from "../../shared/errors";
import { Deadline } from "./deadline";
import { EventReader, type StreamStep } from "./readEvents";
import type { RelayClient } from "./relayClient";
import { RelayProblem } from "./relayProblem";

/** The relay sends something at least every 15 s: after three of those the stream is dead, whatever the network says. */
const usualDeadAfterMs = 45_000;
/** What was missed comes in one go: it is over when nothing has come for so long, and in a busy project after a while. */
const quietMs = 300;
const longestCatchUpMs = 5_000;

export interface RelayFeedParts {
	readonly client: Pick<RelayClient, "openEvents">;
	readonly projectId: string;
	readonly reader: FeedReader;
	readonly logger: Logger;
	/** Shorter in tests of a dead stream. */
	readonly deadAfterMs?: number;
}

/**
 * One project's stream of events, read until disposed: one connection at a time, resumed by the last id where it broke,
 * without a gap or a repeat.
 */
export class RelayFeed extends Owner implements ProjectFeed {
	#state: FeedState = { kind: "connecting" };
	/** Everything up to here was handed on; null while what is known must be fetched anew. */
	#lastId: string | null = null;
	#heardMs = Date.now();
	#failures = 0;
	/** What the relay asked for at a stream's opening or end, or with its refusal. */
	#askedMs: number | null = null;
	readonly #unknownKinds = new Set<string>();
	readonly #end = new AbortController();

	readonly #stateChanged = this.own(new Emitter<FeedState>());
	readonly onDidChangeState = this.#stateChanged.event;

	constructor(private readonly parts: RelayFeedParts) {
		super();
		this.own({ dispose: () => this.#end.abort() });
		void this.#run();
	}

	get state(): FeedState {
		return this.#state;
	}

	async #run(): Promise<void> {
		for (;;) {
			const end = await this.#follow();
			if (this.isDisposed) return;
			this.#setState(end);
			if (end.kind !== "offline") return;
			this.#failures++;
			const delayMs = backOffMs(this.#failures, this.#askedMs);
			this.parts.logger.info("a stream of events is over", { reason: end.reason, delayMs });
			await wait(delayMs, undefined, { signal: this.#end.signal }).catch(() => {});
		}
	}

	/** One connection, from its opening to its end, and how the feed stands then. */
	async #follow(): Promise<FeedState> {
		const connection = new AbortController();
		const signal = AbortSignal.any([this.#end.signal, connection.signal]);
		let reason = "The relay ended the stream.";
		try {
			const response = await this.parts.client.openEvents(this.parts.projectId, this.#lastId, signal);
			if (this.#state.kind !== "connecting") this.#setState({ kind: "catchingUp", sinceMs: this.#heardMs });
			await this.#read(response, connection, signal);
		} catch (error) {
			reason = GammaError.is(error) ? error.message : "The connection to the relay broke.";
			if (connection.signal.aborted) reason = "Nothing came from the relay for too long.";
			this.#askedMs = error instanceof RelayProblem ? error.retryAfterMs : this.#askedMs;
			if (error instanceof RelayProblem && error.status === 404)
				return { kind: "gone", sinceMs: this.#heardMs, reason };
			if (GammaError.is(error, "relay.unauthorized")) return { kind: "refused", sinceMs: this.#heardMs, reason };
		} finally {
			// Nothing of it is left when the next one begins.
			connection.abort();
		}
		return { kind: "offline", sinceMs: this.#heardMs, reason };
	}

	async #read(response: Response, connection: AbortController, signal: AbortSignal): Promise<void> {
		const text = new TextDecoder();
		const reader = new EventReader({
			onUnknown: (kind) => this.#passBy(kind),
			onRetry: (ms) => {
				this.#askedMs = ms;
			},
		});
		const dead = new Deadline(this.parts.deadAfterMs ?? usualDeadAfterMs, () => connection.abort());
		const quiet = new Deadline(quietMs, () => this.#goLive());
		const openedMs = Date.now();
		dead.putOff();
		try {
			for await (const chunk of response.body ?? []) {
				dead.putOff();
				quiet.stop();
				this.#heardMs = Date.now();
				await this.#handOn(reader.read(text.decode(chunk, { stream: true })), signal);
				if (this.#lastId === null) continue;
				if (Date.now() - openedMs > longestCatchUpMs) this.#goLive();
				else quiet.putOff();
			}
		} finally {
			dead.stop();
			quiet.stop();
		}
	}

	/** In order; the last id moves with what was handed on, so that a connection which breaks between goes on right there. */
	async #handOn(steps: readonly StreamStep[], signal: AbortSignal): Promise<void> {
		let told: RelayEvent[] = [];
		const tell = () => {
			if (told.length === 0) return;
			this.parts.reader.take(told);
			this.#failures = 0;
			told = [];
		};
		for (const { id, event } of steps) {
			if (this.#lastId === null || event?.kind === "reset") {
				tell();
				this.#lastId = null;
				await this.parts.reader.fetchAnew(id, signal);
				if (signal.aborted) return;
			} else if (event) told.push(event);
			this.#lastId = id;
		}
		tell();
	}

	#goLive(): void {
		this.#failures = 0;
		if (this.#state.kind !== "live") this.#setState({ kind: "live", sinceMs: Date.now() });
	}

	#passBy(kind: string): void {
		if (this.#unknownKinds.has(kind)) return;
		this.#unknownKinds.add(kind);
		this.parts.logger.info("events of a kind that this version does not know are passed by", { kind });
	}

	#setState(state: FeedState): void {
		if (this.isDisposed) return;
		this.#state = state;
		this.#stateChanged.fire(state);
	}
}
