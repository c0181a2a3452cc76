import type { Relay } from "../relay/relay";
import { FirstTraceback } from "./firstTraceback";
import { type LogEdit, LogLines } from "./logLines";

const mebibyte = 1_048_576;
/** An editor takes a text of 50 MB at most. Of a log that is longer when it is opened the end is shown. */
const mostBytes = 40 * mebibyte;
const shownBytes = 24 * mebibyte;
/** A text that grew so long while it was followed is opened anew. */
const tooManyBytes = 46 * mebibyte;

/**
 * One job's log as text, read from the relay by offset and never twice. `load` gives all of it, `more` what came since.
 * Both reject as `Relay.readLog` does, and go on from where they were when they are called again.
 */
export class JobLog {
	readonly #lines = new LogLines();
	readonly #first = new FirstTraceback();
	readonly #decoder = new TextDecoder("utf-8");
	#offset = 0;
	#skippedBytes = 0;

	constructor(
		private readonly relay: Pick<Relay, "readLog">,
		readonly jobId: string,
	) {}

	/** Of the relay's log, how much is in the text. */
	get offset(): number {
		return this.#offset;
	}

	/** Lines of the text. */
	get lineCount(): number {
		return this.#lines.count;
	}

	get first(): Pick<FirstTraceback, "traceback" | "frames" | "failureLine"> {
		return this.#first;
	}

	get isTooLong(): boolean {
		return this.#offset - this.#skippedBytes > tooManyBytes;
	}

	/** The text up to now; called once. */
	async load(signal?: AbortSignal): Promise<string> {
		const lines = [""];
		let part = await this.relay.readLog(this.jobId, 0, signal);
		if (part.sizeBytes > mostBytes) {
			this.#skippedBytes = part.sizeBytes - shownBytes;
			this.#offset = this.#skippedBytes;
			part = await this.relay.readLog(this.jobId, this.#offset, signal);
			const whole = part.bytes.indexOf(10) + 1;
			const megabytes = ((this.#skippedBytes + whole) / 1e6).toFixed(1);
			apply(
				lines,
				this.#take(new TextEncoder().encode(`… the first ${megabytes} MB of this log are not shown …\n`), 0),
			);
			apply(lines, this.#take(part.bytes.subarray(whole), part.bytes.length));
		} else {
			apply(lines, this.#take(part.bytes));
		}
		while (part.bytes.length > 0 && this.#offset < part.sizeBytes) {
			part = await this.relay.readLog(this.jobId, this.#offset, signal);
			apply(lines, this.#take(part.bytes));
		}
		return lines.join("\n");
	}

	/** The next part, at most 8 MiB; null when there is nothing new. */
	async more(signal?: AbortSignal): Promise<LogEdit | null> {
		const { bytes } = await this.relay.readLog(this.jobId, this.#offset, signal);
		return bytes.length === 0 ? null : this.#take(bytes);
	}

	/** A letter of several bytes may end in the next part. */
	#take(bytes: Uint8Array, length = bytes.length): LogEdit {
		this.#offset += length;
		const edit = this.#lines.push(this.#decoder.decode(bytes, { stream: true }));
		this.#first.apply(edit);
		return edit;
	}
}

function apply(lines: string[], edit: LogEdit): void {
	lines.length = edit.fromLine;
	for (const line of edit.lines) lines.push(line);
}
