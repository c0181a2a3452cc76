import type { LogPull, LogPuller } from "./pulledLog";

export interface LogEvent {
	/** Milliseconds since the epoch, as the machine that printed it has it. */
	readonly timestampMs: number;
	readonly text: string;
}

export interface StreamPage {
	readonly events: readonly LogEvent[];
	/** Where the next page begins; the one that was asked with: there is no more for now. */
	readonly token: string;
}

/** The port to a log that several machines write, each into a stream of its own. Rejects with an `aws.…` error. */
export interface LogStreams {
	/** All streams of the training; empty while none has been made. */
	names(signal?: AbortSignal): Promise<readonly string[]>;
	/** `token` null: from the stream's beginning. */
	page(name: string, token: string | null, signal?: AbortSignal): Promise<StreamPage>;
}

interface Stream {
	readonly name: string;
	/** `algo-1`: the machine, whichever of its starts wrote this stream. */
	readonly rank: string;
	token: string | null;
	waiting: LogEvent[];
	isAtEnd: boolean;
}

/** A machine that joins late, or starts again, has a stream that was not there before. */
const namesEveryPulls = 5;
/** CloudWatch takes some 25 questions a second of a whole account. */
const askedAtOnce = 4;

/**
 * One text of several streams, by time: nothing is told while a stream that may hold something earlier is still unread.
 * With more than one machine each line begins with its own: `[algo-2] `. What is still written is told as it comes.
 */
export class MergedStreams implements LogPuller {
	readonly #streams = new Map<string, Stream>();
	#pulls = 0;
	/** Once lines have begun to be told by machine they go on to be. */
	#isMany = false;

	constructor(private readonly source: LogStreams) {}

	async pull(signal?: AbortSignal): Promise<LogPull> {
		const isFresh = [...this.#streams.values()].every(({ isAtEnd }) => isAtEnd);
		if (isFresh) {
			if (this.#streams.size === 0 || this.#pulls++ % namesEveryPulls === 0) await this.#findStreams(signal);
			for (const stream of this.#streams.values()) stream.isAtEnd = false;
		}
		const unread = [...this.#streams.values()].filter(({ isAtEnd, waiting }) => !isAtEnd && waiting.length === 0);
		for (let at = 0; at < unread.length; at += askedAtOnce) {
			await Promise.all(unread.slice(at, at + askedAtOnce).map((stream) => this.#read(stream, signal)));
		}
		const text = this.#merge();
		return { text, hasMore: [...this.#streams.values()].some(({ isAtEnd }) => !isAtEnd) };
	}

	async #findStreams(signal?: AbortSignal): Promise<void> {
		for (const name of await this.source.names(signal)) {
			if (this.#streams.has(name)) continue;
			const rank = /\/(algo-\d+)(?:-|$)/.exec(name)?.[1] ?? name;
			this.#streams.set(name, { name, rank, token: null, waiting: [], isAtEnd: false });
		}
		this.#isMany ||= new Set([...this.#streams.values()].map(({ rank }) => rank)).size > 1;
	}

	async #read(stream: Stream, signal?: AbortSignal): Promise<void> {
		const { events, token } = await this.source.page(stream.name, stream.token, signal);
		stream.isAtEnd = token === stream.token;
		stream.token = token;
		stream.waiting = [...events];
	}

	#merge(): string {
		const streams = [...this.#streams.values()];
		// A page of one stream is in order, and most trainings have one.
		const places = new Map(streams.map((stream) => [stream, 0]));
		const lines: string[] = [];
		for (;;) {
			let next: Stream | undefined;
			let earliest: LogEvent | undefined;
			let isBlocked = false;
			for (const stream of streams) {
				const event = stream.waiting[places.get(stream) ?? 0];
				if (!event) isBlocked ||= !stream.isAtEnd;
				else if (!earliest || event.timestampMs < earliest.timestampMs) [next, earliest] = [stream, event];
			}
			if (isBlocked || !next || !earliest) break;
			places.set(next, (places.get(next) ?? 0) + 1);
			lines.push(this.#lineOf(next, earliest));
		}
		for (const [stream, place] of places) stream.waiting = stream.waiting.slice(place);
		return lines.join("");
	}

	#lineOf({ rank }: Stream, { text }: LogEvent): string {
		const whole = text.replace(/\r?\n$/, "");
		if (!this.#isMany) return `${whole}\n`;
		// What a progress bar draws over its own line has the machine before it too.
		return `[${rank}] ${whole.replace(/\r?\n|\r(?!$)/g, (end) => `${end}[${rank}] `)}\n`;
	}
}
