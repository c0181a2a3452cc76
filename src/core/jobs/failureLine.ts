/** What programs say when they end badly and Python prints no traceback: the operating system's words, CUDA's, a parser's. */
const signs = [
	/\bCUDA (?:error|out of memory)\b/i,
	/\bout of memory\b/i,
	/\bSegmentation fault\b/,
	/\bBus error\b/,
	/^(?:.*: line \d+: +\d+ )?Killed\b/,
	/^terminate called after throwing\b/,
	/\bNo space left on device\b/,
	/\bNCCL (?:error|WARN)\b/,
	/: error: /,
	/\bModuleNotFoundError\b|\bcommand not found\b|\bNo such file or directory\b|\bPermission denied\b/,
	/^\s*(?:\S+\s){0,4}(?:\[?)(?:FATAL|CRITICAL|ERROR)\b/,
];

/** The last line that says why the program ended; null where none does. */
export function findFailureLine(lines: readonly string[]): number | null {
	for (let at = lines.length - 1; at >= 0; at--) {
		const line = (lines[at] ?? "").slice(0, 2000);
		if (signs.some((sign) => sign.test(line))) return at;
	}
	return null;
}
