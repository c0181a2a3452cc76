import type { Part } from "../../shared/agent/conversation";
import type { StoredConversation } from "./conversationStore";

/** A conversation as Markdown, for people: words, what was sent along by name, and what the tools were asked. */
export function exportMarkdown({ conversation, messages }: StoredConversation): string {
	const blocks = [`# ${conversation.title || "Conversation"}`];
	let role: string | null = null;
	for (const message of messages) {
		const body = message.parts.map(toMarkdown).filter(Boolean);
		if (body.length === 0) continue;
		if (message.role !== role) blocks.push(message.role === "user" ? "## You" : "## Gamma");
		role = message.role;
		blocks.push(...body);
	}
	return `${blocks.join("\n\n")}\n`;
}

function toMarkdown(part: Part): string {
	switch (part.kind) {
		case "text":
			return part.text.trim();
		case "thinking":
			return "";
		case "tool":
			return `> ${part.title.replaceAll("\n", " ")}${part.state === "done" ? "" : ` (${part.state})`}`;
		case "image":
			return "> (an image)";
		case "sent":
			return part.items.map(({ label, tokens }) => `> sent: ${label} (${tokens} tokens)`).join("\n");
		case "edits":
			return [
				`> edits: ${part.title}`,
				...part.files.map(({ path, added, removed }) => `> - \`${path}\` +${added} −${removed}`),
			].join("\n");
		case "view":
			return `> view: ${part.title}`;
		case "notice":
			return `> ${part.text}`;
	}
}
