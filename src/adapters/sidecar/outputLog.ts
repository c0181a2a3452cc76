import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";

export const mostLogBytes = 1 << 30;
/** A disk slower than the output loses lines of the log rather than holding the training up. */
const mostWaitingBytes = 64 << 20;

/** The run's own copy of what the command printed, both streams as they came. */
export class OutputLog {
	readonly #stream: WriteStream;
	#bytes = 0;
	#isFull = false;
	#problem: Error | null = null;

	constructor(
		path: string,
		private readonly mostBytes = mostLogBytes,
	) {
		mkdirSync(dirname(path), { recursive: true });
		this.#stream = createWriteStream(path, { flags: "a" });
		this.#stream.on("error", (error) => {
			this.#problem = error;
		});
	}

	write(bytes: Uint8Array): void {
		if (this.#isFull || this.#problem !== null) return;
		const isLate = this.#stream.writableLength > mostWaitingBytes;
		const room = isLate ? 0 : this.mostBytes - this.#bytes;
		this.#bytes += bytes.length;
		if (bytes.length <= room) {
			this.#stream.write(bytes);
			return;
		}
		this.#isFull = true;
		this.#stream.write(bytes.subarray(0, room));
		this.#stream.write(
			isLate
				? "\n[gamma: the disk is slower than the output; the rest is not kept]\n"
				: `\n[gamma: the log ends here, at ${this.mostBytes} bytes; the rest is not kept]\n`,
		);
	}

	/** Resolves when all of it is on disk, or cannot be. */
	end(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#problem !== null) resolve();
			this.#stream.once("error", () => resolve());
			this.#stream.end(() => resolve());
		});
	}
}
