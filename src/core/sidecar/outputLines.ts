/** A line beyond this has no metrics for us: a printed tensor or a base64 image. */
export const longestLine = 1 << 20;

export interface OutputLine {
	/** Without colours and other terminal sequences. */
	readonly text: string;
	/** Ended by a carriage return: the next line is drawn over it. */
	readonly isOverdrawn: boolean;
}

/** Cuts a program's output into lines, however it was split into writes; what is longer than `longestLine` is passed over. */
export class OutputLines {
	#parts: string[] = [];
	#length = 0;
	#isTooLong = false;

	push(text: string): OutputLine[] {
		const lines: OutputLine[] = [];
		let start = 0;
		for (let at = 0; at < text.length; at++) {
			const unit = text.charCodeAt(at);
			if (unit !== 10 && unit !== 13) continue;
			this.#keep(text.slice(start, at));
			start = at + 1;
			this.#take(lines, unit === 13);
		}
		this.#keep(text.slice(start));
		return lines;
	}

	/** What the program left without a line end. */
	end(): OutputLine[] {
		const lines: OutputLine[] = [];
		this.#take(lines, false);
		return lines;
	}

	#keep(part: string): void {
		if (part === "" || this.#isTooLong) return;
		this.#length += part.length;
		this.#isTooLong = this.#length > longestLine;
		if (this.#isTooLong) this.#parts = [];
		else this.#parts.push(part);
	}

	/** An empty line too: the `\n` after a `\r` says that the line before it stays. */
	#take(lines: OutputLine[], isOverdrawn: boolean): void {
		lines.push({ text: this.#isTooLong ? "" : withoutTerminalCodes(this.#parts.join("")), isOverdrawn });
		this.#parts = [];
		this.#length = 0;
		this.#isTooLong = false;
	}
}

/** ECMA-48: `ESC [` parameters and a final letter; `ESC ]` up to BEL or ST; other escapes of two characters; backspaces. */
export function withoutTerminalCodes(line: string): string {
	let kept = "";
	let start = 0;
	for (let at = 0; at < line.length; ) {
		const unit = line.charCodeAt(at);
		if (unit !== 27 && unit !== 8 && unit !== 0x9b) {
			at++;
			continue;
		}
		kept += line.slice(start, at);
		at = unit === 27 ? endOfEscape(line, at) : unit === 0x9b ? endOfControl(line, at + 1) : at + 1;
		start = at;
	}
	return start === 0 ? line : kept + line.slice(start);
}

function endOfEscape(line: string, at: number): number {
	const kind = line[at + 1];
	if (kind === "[") return endOfControl(line, at + 2);
	if (kind !== "]") return at + 2;
	for (let end = at + 2; end < line.length; end++) {
		const unit = line.charCodeAt(end);
		if (unit === 7) return end + 1;
		if (unit === 27) return end + 2;
	}
	return line.length;
}

function endOfControl(line: string, from: number): number {
	for (let at = from; at < line.length; at++) {
		const unit = line.charCodeAt(at);
		if (unit >= 0x40 && unit <= 0x7e) return at + 1;
	}
	return line.length;
}
