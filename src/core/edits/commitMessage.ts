import type { ReviewSet } from "./fileReview";

/** The trailer that says which run a commit answers (git-interpret-trailers). */
export const runTrailer = "Gamma-Run";

const longestSubject = 72;

/** A subject as the proposal's title has it; a person rewrites it before it is used. */
export function proposedSubject(sets: readonly ReviewSet[]): string {
	const title =
		(sets.map(({ title }) => title.trim()).find((each) => each !== "") ?? "Apply proposed edits").split("\n")[0] ?? "";
	const subject = title.charAt(0).toUpperCase() + title.slice(1);
	return subject.length <= longestSubject ? subject : `${subject.slice(0, longestSubject - 1)}…`;
}

/** The message with the trailers of these runs, each once, in a last paragraph of their own. */
export function withRunTrailers(message: string, runIds: readonly (string | null)[]): string {
	const runs = [...new Set(runIds)].filter((id) => id !== null && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(id));
	const text = message.trim();
	return runs.length === 0 ? `${text}\n` : `${text}\n\n${runs.map((id) => `${runTrailer}: ${id}\n`).join("")}`;
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
