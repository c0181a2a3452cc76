import { logExcerpt } from "../../jobs/logExcerpt";

/** What of a log says why it failed, or its end. */
export function lastError(log: string): string {
	const excerpt = logExcerpt(log.split("\n"), new Set());
	if (!excerpt) return "(the log is empty)";
	return excerpt.lines.map((line) => line?.text ?? "…").join("\n");
}
