import type { ReviewSet } from "./fileReview";

/** The trailer that says which run a commit answers (git-interpret-trailers). */
export const runTrailer = "Gamma-Run";

const longestSubject = 72;

/** A message as the proposals' titles have it, the first as its subject; a person rewrites it before it is used. */
export function proposedMessage(sets: readonly ReviewSet[]): { readonly subject: string; readonly body: string } {
	const titles = [...new Set(sets.map(({ title }) => firstLine(title)).filter((title) => title !== ""))];
	const [title = "Apply proposed edits", ...others] = titles;
	const isWhole = title.length <= longestSubject;
	const subject = isWhole ? title : `${title.slice(0, longestSubject - 1)}…`;
	const lines = [...(isWhole ? [] : [title, ""]), ...others.map((other) => `- ${other}`)];
	return { subject, body: lines.join("\n").trim() };
}

function firstLine(title: string): string {
	const line = title.trim().split("\n")[0] ?? "";
	return line.charAt(0).toUpperCase() + line.slice(1);
}

/** The message with the trailers of these runs, each once, in a last paragraph of their own. */
export function withRunTrailers(message: string, runIds: readonly (string | null)[]): string {
	const runs = [...new Set(runIds)].filter((id) => id !== null && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(id));
	const text = message.trim();
	if (runs.length === 0) return `${text}\n`;
	const paragraphs = text.split(/\n\s*\n/);
	// Trailers are one paragraph, the last.
	const isTrailed = paragraphs.length > 1 && /^([A-Za-z][\w-]*: .+\n?)+$/.test(paragraphs.at(-1) ?? "");
	return `${text}\n${isTrailed ? "" : "\n"}${runs.map((id) => `${runTrailer}: ${id}\n`).join("")}`;
}

/** The run that a commit's message says it answers; null where it names none. */
export function runOfMessage(message: string): string | null {
	const last =
		message
			.trimEnd()
			.split(/\n\s*\n/)
			.at(-1) ?? "";
	return /^Gamma-Run:[ \t]*([\w-][\w.-]*(?:\/[\w-][\w.-]*)*)[ \t]*$/im.exec(last)?.[1] ?? null;
}

/** A branch's name out of a subject: `models/lower-the-learning-rate`. */
export function proposedBranch(subject: string, taken: readonly string[]): string {
	const words = subject
		.toLowerCase()
		.normalize("NFKD")
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "");
	const name = `models/${words.slice(0, 40).replace(/-+$/, "") || "fix"}`;
	for (let count = 2; ; count++) {
		const wanted = count === 2 ? name : `${name}-${count - 1}`;
		if (!taken.includes(wanted)) return wanted;
	}
}
