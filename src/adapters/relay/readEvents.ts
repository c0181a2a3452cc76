import { createParser } from "eventsource-parser";
import * as z from "zod/mini";
import type { RelayEvent } from "../../core/relay/relay";
import { eventData, isEventKind } from "../../shared/relay/event";
import { parseJson } from "../http/parseJson";

/** In characters; an event is a job with its message at most. */
const mostBuffered = 4 << 20;

/** One step of a stream: an event, or only the id where it stands, as at its opening and after what was passed by. */
export interface StreamStep {
	readonly id: string;
	readonly event: RelayEvent | null;
}

export interface EventReaderParts {
	/** A kind that is not known, or one in another shape than this version knows. */
	readonly onUnknown: (kind: string) => void;
	/** How long the relay asks to wait before coming back. */
	readonly onRetry: (ms: number) => void;
}

/** Reads Server-Sent Events (HTML standard, "Interpreting an event stream") from pieces of text, cut anywhere. */
export class EventReader {
	#steps: StreamStep[] = [];
	readonly #parser;

	constructor({ onUnknown, onRetry }: EventReaderParts) {
		this.#parser = createParser({
			maxBufferSize: mostBuffered,
			onRetry,
			onId: (id) => {
				if (/^\d{1,18}$/.test(id)) this.#steps.push({ id, event: null });
			},
			onEvent: ({ id, event: kind = "message", data }) => {
				const event = id !== undefined && isEventKind(kind) ? toEvent(id, kind, parseJson(data)) : null;
				// Its id came just before it.
				if (event && this.#steps.at(-1)?.id === id) this.#steps.splice(-1, 1, { id: event.id, event });
				else onUnknown(kind);
			},
		});
	}

	/** The steps that this piece completed. Throws after something longer than any event. */
	read(text: string): readonly StreamStep[] {
		this.#parser.feed(text);
		const steps = this.#steps;
		this.#steps = [];
		return steps;
	}
}

function toEvent<K extends RelayEvent["kind"]>(id: string, kind: K, data: unknown): RelayEvent | null {
	const parsed = z.safeParse(eventData[kind], data);
	// The schema was looked up by the kind; the type of the pair cannot say so.
	return parsed.success ? ({ id, kind, data: parsed.data } as RelayEvent) : null;
}
