import type { Message, Part, SentItem } from "../../shared/agent/conversation";
import type { ClaudeBlock, ClaudeMessage } from "./claude";

/** A message that stands for all before it has an id that begins so. */
export const summaryPrefix = "summary-";

const goOn = "Your answer ended here before its time. Go on exactly where it ended, and repeat nothing of it.";
const begin = "Go on.";

/**
 * What the model is sent, made of what was kept: it begins with a person, the two alternate, every call has its result
 * right after it, and thinking goes back with its signature or not at all. Notices, views and edits are people's to see.
 */
export function toClaudeMessages(messages: readonly Message[]): readonly ClaudeMessage[] {
	const from = messages.findLastIndex(({ id }) => id.startsWith(summaryPrefix));
	const sent: { role: "user" | "assistant"; content: ClaudeBlock[] }[] = [];
	const add = (role: "user" | "assistant", content: readonly ClaudeBlock[]) => {
		if (content.length === 0) return;
		const last = sent.at(-1);
		if (last?.role === role) last.content.push(...content);
		else sent.push({ role, content: [...content] });
	};
	// The API refuses a second call of the same id; the model was told that only the first was run.
	const known = new Set<string>();
	const isNew = (part: Part) => part.kind !== "tool" || (!known.has(part.id) && known.add(part.id) !== undefined);
	for (const message of messages.slice(Math.max(0, from))) {
		if (message.role === "user") {
			add("user", message.parts.flatMap(toUserBlocks));
			continue;
		}
		const parts = message.parts.filter(isNew);
		const calls = parts.filter(isCall);
		const content = parts.flatMap(toAssistantBlocks);
		if (content.length === 0) continue;
		if (sent.length === 0) add("user", [{ type: "text", text: begin }]);
		if (sent.at(-1)?.role === "assistant") add("user", [{ type: "text", text: goOn }]);
		add("assistant", content);
		add("user", calls.map(toResult));
	}
	if (sent.at(-1)?.role === "assistant") add("user", [{ type: "text", text: goOn }]);
	return sent;
}

function isCall(part: Part): part is Extract<Part, { kind: "tool" }> {
	return part.kind === "tool" && typeof part.input === "object" && part.input !== null;
}

function toAssistantBlocks(part: Part): ClaudeBlock[] {
	if (isCall(part)) return [{ type: "tool_use", id: part.id, name: part.name, input: part.input }];
	// The API takes no text without a letter.
	if (part.kind === "text") return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
	if (part.kind !== "thinking" || part.signature === null) return [];
	if (part.isRedacted) return [{ type: "redacted_thinking", data: part.signature }];
	return [{ type: "thinking", thinking: part.text, signature: part.signature }];
}

function toResult(part: Extract<Part, { kind: "tool" }>): ClaudeBlock {
	const content = part.output || (part.output === null ? "The person stopped the answer before this ran." : "(empty)");
	const isError = part.state !== "done";
	return { type: "tool_result", tool_use_id: part.id, content, ...(isError && { is_error: true }) };
}

function toUserBlocks(part: Part): ClaudeBlock[] {
	switch (part.kind) {
		case "text":
			return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
		case "image":
			return [{ type: "image", source: { type: "base64", media_type: part.mimeType, data: part.base64 } }];
		case "sent":
			return part.items.map((item) => ({ type: "text", text: wrapped(item) }));
		default:
			return [];
	}
}

/** What was sent along is data: it says what it is, and cannot end before its end. */
function wrapped({ label, kind, leftOut, text }: SentItem): string {
	const note = leftOut === null ? "" : ` left-out=${JSON.stringify(leftOut)}`;
	const body = text.replaceAll(/<(?=\/?attached\b)/gi, "&lt;");
	return `<attached kind="${kind}" name=${JSON.stringify(label)}${note}>\n${body}\n</attached>`;
}
