import type { ServerResponse } from "node:http";
import type { User } from "../auth";
import { heartbeat, openingFrame } from "./frames";

/** Bytes that a reader may be behind before it is cut off; it comes back with its last id and reads from the table. */
const mostBehindBytes = 1_048_576;
/** Batches that wait while a reader is still being told the past. */
const mostWaiting = 100;
/** How long the end of a stream may take at a relay's shutdown. */
const endMs = 1_000;
/** `setTimeout` takes no more. */
const longestTimerMs = 2_147_483_647;

/** One open answer of `GET /api/events`: first the past that its reader missed, then what is new. */
export class EventStream {
	readonly userId: string;
	/** Held back until the past has been told; null once live. */
	#waiting: Buffer[] | null = [];
	#hasOverflowed = false;
	readonly #expiry: NodeJS.Timeout | undefined;

	constructor(
		readonly projectId: string,
		user: User,
		private readonly response: ServerResponse,
		onClose: () => void,
	) {
		this.userId = user.id;
		if (user.expiresAtMs !== null) {
			const leftMs = Math.max(0, user.expiresAtMs - Date.now());
			if (leftMs < longestTimerMs) this.#expiry = setTimeout(() => this.end(), leftMs);
		}
		response.on("error", () => {});
		response.on("close", () => {
			clearTimeout(this.#expiry);
			onClose();
		});
	}

	get isOver(): boolean {
		return this.response.destroyed || this.response.writableEnded;
	}

	/** Sends the head and how long to wait before coming back. The stream ends with its connection, and so needs no chunks. */
	open(position: number | null): void {
		this.response.removeHeader("transfer-encoding");
		this.response.writeHead(200, {
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-cache, no-transform",
			"x-accel-buffering": "no",
			// Kept alive after its end, it would hold up a relay that shuts down.
			connection: "close",
		});
		this.response.write(openingFrame(retryMs(1_000, 5_000), position));
	}

	/** A batch of the feed, of this project. */
	deliver(bytes: Buffer): void {
		if (this.#waiting === null) this.#write(bytes);
		else if (this.#waiting.length < mostWaiting) this.#waiting.push(bytes);
		else this.#hasOverflowed = true;
	}

	/** From here on batches are held back anew: what came before will be read from the table. */
	holdBack(): void {
		this.#waiting = [];
		this.#hasOverflowed = false;
	}

	/** The past has been told: what waited goes out, and the stream is live. False where too much waited to be kept. */
	goLive(): boolean {
		if (this.#hasOverflowed) return false;
		const waiting = this.#waiting ?? [];
		this.#waiting = null;
		for (const bytes of waiting) this.#write(bytes);
		return true;
	}

	/** Writes some of the past; resolves once the reader has taken enough of it. */
	async writePast(bytes: Buffer): Promise<void> {
		if (this.isOver || this.response.write(bytes)) return;
		await new Promise<void>((done) => {
			const over = () => {
				clearTimeout(timer);
				this.response.off("drain", over).off("close", over);
				done();
			};
			const timer = setTimeout(() => this.response.destroy(), 30_000);
			this.response.on("drain", over).on("close", over);
		});
	}

	beat(): void {
		this.#write(heartbeat);
	}

	end(): void {
		if (!this.isOver) this.response.end();
	}

	/** Asks to come back at another time than everybody else, and ends. Resolves when the connection is free or gone. */
	async endForRestart(): Promise<void> {
		if (this.response.destroyed) return;
		await new Promise<void>((done) => {
			const timer = setTimeout(() => this.response.destroy(), endMs);
			this.response.on("close", () => {
				clearTimeout(timer);
				done();
			});
			if (!this.isOver) this.response.end(openingFrame(retryMs(1_000, 15_000), null));
		});
	}

	#write(bytes: Buffer): void {
		if (this.isOver) return;
		if (this.response.writableLength > mostBehindBytes) this.response.destroy();
		// Straight to the connection: the same bytes for thousands, without a cork and a tick for each.
		else (this.response.socket ?? this.response).write(bytes);
	}
}

/** At random between the two: a relay that restarts does not get everybody at once. */
function retryMs(least: number, most: number): number {
	return Math.round(least + Math.random() * (most - least));
}
