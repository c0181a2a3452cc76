import * as z from "zod/mini";
import { type Message, messageSchema, type Part } from "../../shared/agent/conversation";
import { noUsage } from "./answer";
import type { NewRelayMessage, RelayMessage } from "./conversationRelay";

/** The relay takes 3,000,000 letters of JSON, and its answer has a page of them. */
const longestDetail = 2_400_000;
const longestWords = 400_000;
/** Where a message is too long: what is left of each text that it holds. */
const shortened = [50_000, 5_000, 200];

const detailSchema = z.object({
	message: messageSchema,
	/** The message that it came after; null for the first. */
	after: z.nullable(z.string()),
	/** Messages that went when it came: it was sent in their place. */
	drops: z.array(z.string()),
});

/** A message as it stands in the relay. Rows are only ever added; what was taken away is said by what came in its place. */
export interface HandedMessage {
	readonly message: Message;
	readonly after: string | null;
	readonly drops: readonly string[];
}

/** What the relay is given. Pictures go along as far as there is room, and long texts are shortened where there is none. */
export function toRelayMessage({ message, after, drops }: HandedMessage): NewRelayMessage {
	const whole = (parts: readonly Part[]) => JSON.stringify({ message: { ...message, parts }, after, drops });
	let parts: readonly Part[] = message.parts;
	let detail = whole(parts);
	if (detail.length > longestDetail) {
		parts = parts.map((part) => (part.kind === "image" ? pictureLeftBehind : part));
		detail = whole(parts);
	}
	for (const most of shortened) {
		if (detail.length <= longestDetail) break;
		parts = parts.map((part) => shortenPart(part, most));
		detail = whole(parts);
	}
	const content = wordsOf(message).slice(0, longestWords).replaceAll("\0", "").toWellFormed();
	return { role: message.role, content: content || "…", key: message.id, detail: detail.toWellFormed() };
}

/** One that somebody else than an editor wrote, or a later Gamma, is its words. */
export function fromRelayMessage(row: RelayMessage): HandedMessage {
	const parsed = z.safeParse(detailSchema, parsedJson(row.detail));
	if (parsed.success && parsed.data.message.id === row.key) return parsed.data;
	const message: Message = {
		...{ id: row.key ?? row.id, role: row.role, createdAtMs: row.createdAtMs, model: null, costUsd: null },
		usage: row.role === "assistant" ? noUsage : null,
		parts: [{ kind: "text", text: row.content }],
	};
	return { message, after: null, drops: [] };
}

const pictureLeftBehind: Part = {
	...{ kind: "notice", level: "info", action: null },
	text: "A picture was too large for the relay; it is on the machine where it was sent.",
};

function wordsOf({ parts }: Message): string {
	const texts = parts.flatMap((part) => (part.kind === "text" || part.kind === "notice" ? [part.text] : []));
	const titles = parts.flatMap((part) => (part.kind === "tool" ? [part.title || part.name] : []));
	return texts.join("\n\n").trim() || titles.join(", ");
}

function shortenPart(part: Part, most: number): Part {
	const shortened = shorten(part, most) as Part;
	const isThought = shortened.kind === "thinking" && JSON.stringify(shortened) !== JSON.stringify(part);
	// The service refuses a thought that it did not sign as it stands.
	return isThought ? { ...shortened, signature: null } : shortened;
}

function shorten(value: unknown, most: number): unknown {
	if (typeof value === "string")
		return value.length <= most ? value : `${value.slice(0, most)}\n… shortened for the relay`;
	if (Array.isArray(value)) return value.map((one) => shorten(one, most));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shorten(one, most)]));
}

function parsedJson(text: string | null): unknown {
	try {
		return text === null ? null : JSON.parse(text);
	} catch {
		return null;
	}
}
