import type { ClaudeMessage } from "./claude";

/**
 * Marks the ends of the last two things a person's side said: the next request finds everything up to the first of them
 * kept, and keeps everything up to the last. The API takes four marks; system and tools have one.
 */
export function withCacheMarks(messages: readonly ClaudeMessage[]): readonly ClaudeMessage[] {
	const marked = new Set(
		messages
			.map(({ role }, index) => ({ role, index }))
			.filter(({ role }) => role === "user")
			.slice(-2)
			.map(({ index }) => index),
	);
	return messages.map((message, index) => {
		const last = message.content.at(-1);
		if (!marked.has(index) || last === undefined) return message;
		const content = [...message.content.slice(0, -1), { ...last, cache_control: { type: "ephemeral" } as const }];
		return { ...message, content };
	});
}
