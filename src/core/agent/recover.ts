import type { Message } from "../../shared/agent/conversation";
import { cutAnswer, emptyAnswer, noUsage } from "./answer";

/** What was kept of a conversation, as it is now that nobody writes it: an answer that was cut off says so, and no call hangs. */
export function recover(messages: readonly Message[]): readonly Message[] {
	return messages.flatMap((message): Message[] => {
		if (message.role === "user") return [message];
		const hangs = message.parts.some((part) => part.kind === "tool" && part.output === null);
		if (message.usage !== null && !hangs) return [message];
		const { parts } = cutAnswer({ ...emptyAnswer, parts: message.parts });
		if (parts.length === 0) return [];
		const text = "The window was closed while this was written.";
		return [
			{
				...message,
				usage: message.usage ?? noUsage,
				parts: [...parts, { kind: "notice", level: "warning", text, action: "continue" }],
			},
		];
	});
}
