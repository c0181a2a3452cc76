/** Enough for a traceback's last line. */
const keptCharacters = 4096;
const longestError = 300;
/** `ValueError: …`, `torch.cuda.OutOfMemoryError: …` at a line's beginning, as Python ends a traceback. */
const errorLine = /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning)(?:: .*)?$/;

/** Remembers what a training printed last, for the error that it ended with. */
export class LastError {
	#text = "";
	readonly #decoder = new TextDecoder();

	push(bytes: Uint8Array): void {
		this.#text = (this.#text + this.#decoder.decode(bytes, { stream: true })).slice(-keptCharacters);
	}

	/** Null where the last lines hold no error. */
	get line(): string | null {
		const lines = this.#text.split(/\r?\n/).slice(-30);
		const found = lines.findLast((line) => errorLine.test(line));
		return found === undefined ? null : found.slice(0, longestError).toWellFormed();
	}
}
