import { closeSync, fstatSync, openSync, write } from "node:fs";
import { open } from "node:fs/promises";
import { Writable } from "node:stream";

/** The relay takes 256 MiB of a job's log, of all its runners together. */
const mostBytes = 240 << 20;

/** A job's log on disk, from where it goes on to the relay. Whoever writes faster than the disk waits, as a pipe makes them. */
export class JobLog extends Writable {
	readonly #file: number;
	#sizeBytes: number;
	#isFull = false;

	constructor(
		private readonly path: string,
		private readonly most = mostBytes,
	) {
		super();
		this.#file = openSync(path, "a", 0o600);
		this.#sizeBytes = fstatSync(this.#file).size;
		// A full disk loses lines of the log, not the training.
		this.on("error", () => {});
	}

	/** Bytes that can be read. */
	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	/** A line of Gamma's own. */
	say(text: string): void {
		for (const line of text.split("\n")) this.write(`[gamma] ${line}\n`);
	}

	async read(offset: number, mostAtOnce: number): Promise<Uint8Array<ArrayBuffer>> {
		const length = Math.max(0, Math.min(mostAtOnce, this.#sizeBytes - offset));
		const file = await open(this.path);
		try {
			const bytes = new Uint8Array(length);
			const { bytesRead } = await file.read(bytes, 0, length, offset);
			return bytes.subarray(0, bytesRead);
		} finally {
			await file.close();
		}
	}

	override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
		const room = Math.max(0, this.most - this.#sizeBytes);
		if (this.#isFull) {
			done();
			return;
		}
		const isLast = chunk.length > room;
		this.#isFull = isLast;
		const notice = `\n[gamma] The log ends here, at ${this.most} bytes; the run's own logs/output.log goes on.\n`;
		const bytes = isLast ? Buffer.concat([chunk.subarray(0, room), Buffer.from(notice)]) : chunk;
		this.#writeAll(bytes, 0, done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		closeSync(this.#file);
		done(error);
	}

	#writeAll(bytes: Buffer, from: number, done: (error?: Error | null) => void): void {
		write(this.#file, bytes, from, bytes.length - from, null, (error, written) => {
			// A full disk may have room again: this part is lost, what comes after it is not.
			if (error) return done();
			this.#sizeBytes += written;
			if (from + written < bytes.length) this.#writeAll(bytes, from + written, done);
			else done();
		});
	}
}
