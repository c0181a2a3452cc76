import { type MentionRef, parseMentions } from "../../shared/agent/mentionText";

const mostChars = 60;

/** The first line of the first prompt in plain words, cut where one ends: a run, metric or file by its name, a job's id not at all. */
export function conversationTitle(prompt: string): string {
	const line = prompt.trim().split("\n")[0] ?? "";
	const mentions = parseMentions(line);
	const words = mentions
		.toReversed()
		.reduce((text, { ref, start, end }) => text.slice(0, start) + wordOf(ref) + text.slice(end), line)
		.replaceAll(/\s+/g, " ")
		.trim();
	if (words === "") return mentions.length > 0 ? "About a job" : "Conversation";
	if (words.length <= mostChars) return words;
	const cut = words.slice(0, mostChars);
	return `${cut.slice(0, Math.max(mostChars / 2, cut.lastIndexOf(" "))).trimEnd()}…`;
}

function wordOf(ref: MentionRef): string {
	switch (ref.kind) {
		case "run":
			return ref.name;
		case "metric":
			return ref.metric;
		case "job":
		case "jobError":
			return "";
		case "diff":
			return `${ref.base.slice(0, 7)}..${ref.other.slice(0, 7)}`;
		case "file":
		case "folder":
		case "selection":
			return ref.path;
	}
}
