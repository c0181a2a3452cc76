import type { Message, Part } from "../../shared/agent/conversation";
import type { ProposedSet } from "../edits/proposedEdits";

/**
 * A message as the panel shows it: what was sent along is without its text, which is asked for when opened, and proposed edits
 * are as they stand now. A set of several calls has one card, where the first of them was: `all` are the conversation's messages.
 */
export function shownMessage(message: Message, all: readonly Message[], sets: readonly ProposedSet[]): Message {
	if (!message.parts.some(({ kind }) => kind === "sent" || kind === "edits")) return message;
	const shown = new Set<string>();
	const parts = message.parts.flatMap((part): Part[] => {
		if (part.kind === "sent") return [{ ...part, items: part.items.map((item) => ({ ...item, text: "" })) }];
		if (part.kind !== "edits") return [part];
		if (shown.has(part.setId) || firstWith(all, part.setId) !== message.id) return [];
		shown.add(part.setId);
		const set = sets.find(({ id }) => id === part.setId);
		return [set ? { ...part, title: set.title, files: [...set.files] } : part];
	});
	return { ...message, parts };
}

/** Messages that show this set, by their ids. */
export function messagesOfSet(all: readonly Message[], setId: string): readonly string[] {
	return all.filter(({ parts }) => parts.some((part) => isOf(part, setId))).map(({ id }) => id);
}

function firstWith(all: readonly Message[], setId: string): string | undefined {
	return all.find(({ parts }) => parts.some((part) => isOf(part, setId)))?.id;
}

function isOf(part: Part, setId: string): boolean {
	return part.kind === "edits" && part.setId === setId;
}
