/** A place in a file that a line of a log names. */
export interface LogFrame {
	/** As it was printed: relative or absolute, of whichever machine. */
	readonly path: string;
	/** From 1. */
	readonly line: number;
	/** The function, where it says one. */
	readonly name: string | null;
	/** Where in the line path and number stand, in UTF-16 units. */
	readonly start: number;
	readonly end: number;
}

/** Python's own tracebacks and faulthandler's; of names longer than a path can be nothing is read. */
const ofPython = /\bFile "([^"\n]{1,4096})", line (\d{1,9})(?:,? in (\S[^\n]{0,200}))?/;
/** rich's: `│ /code/train.py:88 in main │`. */
const ofRich = /^[\s|│]*([^\s│]{1,4096}\.pyx?):(\d{1,9}) in (\S{1,200})/;
/** Warnings: `/code/train.py:88: UserWarning: …`. */
const ofWarning = /^((?:[A-Za-z]:)?[^\s:"']{1,4096}\.pyx?):(\d{1,9}): /;

/** The place in a file that this line names; null for any other line. */
export function readFrame(line: string): LogFrame | null {
	const hasQuote = line.includes('", line ');
	if (!hasQuote && !line.includes(".py")) return null;
	const found = (hasQuote ? ofPython.exec(line) : null) ?? ofRich.exec(line) ?? ofWarning.exec(line);
	const [whole, path, number, name] = found ?? [];
	if (!found || whole === undefined || path === undefined || number === undefined) return null;
	const start = found.index + whole.indexOf(path);
	const end = found.index + whole.indexOf(number, start - found.index + path.length) + number.length;
	return { path, line: Number(number), name: name?.trim() ?? null, start, end };
}
