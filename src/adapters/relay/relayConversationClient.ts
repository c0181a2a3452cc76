import * as z from "zod/mini";
import type {
	ConversationRelay,
	NewRelayConversation,
	NewRelayMessage,
	RelayConversation,
	RelayMessage,
	RelayMessages,
} from "../../core/agent/conversationRelay";
import { RelayClient, type RelayClientOptions } from "./relayClient";
import { RelayProblem } from "./relayProblem";

/** Each may hold pictures: a page of these is some tens of megabytes at most. */
const messagesPerPage = 20;
const mostFound = 200;

const time = z.pipe(
	z.string(),
	z.transform((text) => Date.parse(text)),
);
const conversationSchema = z.object({
	...{ id: z.string(), projectId: z.string(), jobId: z.nullable(z.string()), title: z.string(), createdBy: z.string() },
	...{ createdAt: time, updatedAt: time },
});
const messageSchema = z.object({
	...{ id: z.string(), role: z.enum(["user", "assistant"]), content: z.string(), createdAt: time },
	// A relay of before keeps words alone.
	key: z._default(z.nullable(z.string()), null),
	detail: z._default(z.nullable(z.string()), null),
});
const pageOf = <Schema extends z.core.$ZodType>(schema: Schema) =>
	z.object({ items: z.array(schema), next: z.nullable(z.string()) });

/** The port `ConversationRelay` over HTTP. */
export class RelayConversationClient implements ConversationRelay {
	readonly #client: RelayClient;

	constructor(options: RelayClientOptions) {
		this.#client = new RelayClient(options);
	}

	list(projectId: string, signal?: AbortSignal): Promise<readonly RelayConversation[] | null> {
		const asked = this.#client.every(conversationSchema, { path: ofProject(projectId), signal });
		return orNull(asked.then((found) => found.map(toConversation)));
	}

	async search(projectId: string, words: string): Promise<readonly string[]> {
		const query = { words, limit: mostFound };
		const { items } = await this.#client.answer(pageOf(conversationSchema), { path: ofProject(projectId), query });
		return items.map(({ id }) => id);
	}

	async begin({ id, projectId, jobId, title }: NewRelayConversation): Promise<boolean> {
		const body = { id, title, ...(jobId !== null && { jobId }) };
		const made = this.#client.done({ method: "POST", path: ofProject(projectId), body }).then(() => true);
		return (await orNull(made, [403, 404])) ?? false;
	}

	async rename(id: string, title: string): Promise<void> {
		await this.#client.done({ method: "PATCH", path: one(id), body: { title } });
	}

	async delete(id: string): Promise<void> {
		await orNull(this.#client.done({ method: "DELETE", path: one(id) }));
	}

	messages(id: string, before: string | null, signal?: AbortSignal): Promise<RelayMessages | null> {
		const query = { before: before ?? undefined, limit: messagesPerPage };
		const asked = this.#client.answer(pageOf(messageSchema), { path: `${one(id)}/messages`, query, signal });
		return orNull(asked.then(({ items, next }) => ({ items: items.map(toMessage), next })));
	}

	add(id: string, message: NewRelayMessage): Promise<RelayMessage | null> {
		const request = { method: "POST", path: `${one(id)}/messages`, body: message } as const;
		return orNull(this.#client.answer(messageSchema, request).then(toMessage));
	}
}

/** What this person may not see answers as what is not there. */
async function orNull<T>(answer: Promise<T>, statuses: readonly number[] = [404]): Promise<T | null> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof RelayProblem && error.status !== null && statuses.includes(error.status)) return null;
		throw error;
	}
}

function ofProject(id: string): string {
	return `/api/projects/${encodeURIComponent(id)}/conversations`;
}

function one(id: string): string {
	return `/api/conversations/${encodeURIComponent(id)}`;
}

function toConversation({ createdAt, updatedAt, ...same }: z.output<typeof conversationSchema>): RelayConversation {
	return { ...same, createdAtMs: createdAt, updatedAtMs: updatedAt };
}

function toMessage({ createdAt, ...same }: z.output<typeof messageSchema>): RelayMessage {
	return { ...same, createdAtMs: createdAt };
}
