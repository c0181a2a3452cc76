import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
	type ConversationStore,
	hasWords,
	type StoredConversation,
	storedConversationSchema,
} from "../../core/agent/conversationStore";
import type { Conversation } from "../../shared/agent/conversation";
import { GammaError } from "../../shared/errors";

const ending = ".json";
/** Ids become names of files: nothing of them may lead elsewhere. */
const idPattern = /^[\w-]{1,100}$/;

/** One JSON file per conversation, each replaced whole: after a crash it is the one before or the one after. */
export class DiskConversations implements ConversationStore {
	readonly #told = new Set<string>();
	#writes = 0;

	/** `folder` is absolute, and made when the first conversation is kept. */
	constructor(private readonly folder: string) {}

	async list(): Promise<{ conversations: readonly Conversation[]; damaged: readonly string[] }> {
		const conversations: Conversation[] = [];
		const damaged: string[] = [];
		for (const id of await this.#ids()) {
			try {
				conversations.push((await this.load(id)).conversation);
			} catch (error) {
				if (!GammaError.is(error, "conversation.damaged") || this.#told.has(id)) continue;
				this.#told.add(id);
				damaged.push(`${id}${ending}.damaged`);
			}
		}
		return { conversations: conversations.sort((a, b) => b.updatedAtMs - a.updatedAtMs), damaged };
	}

	async load(id: string): Promise<StoredConversation> {
		const file = this.#file(id);
		const text = await readFile(file, "utf8").catch(() => {
			throw new GammaError("conversation.missing", "This conversation is not there any more.");
		});
		const parsed = storedConversationSchema.safeParse(parsedJson(text));
		if (parsed.success && parsed.data.conversation.id === id) return parsed.data;
		await rename(file, `${file}.damaged`).catch(() => {});
		throw new GammaError(
			"conversation.damaged",
			`This conversation cannot be read; it was put aside as ${id}${ending}.damaged.`,
		);
	}

	async save(stored: StoredConversation): Promise<void> {
		const file = this.#file(stored.conversation.id);
		await mkdir(this.folder, { recursive: true, mode: 0o700 });
		const beside = `${file}.${process.pid}-${++this.#writes}.part`;
		try {
			const handle = await open(beside, "w", 0o600);
			try {
				await handle.writeFile(JSON.stringify(stored));
				// Without it a power cut may leave the name and not the words.
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(beside, file);
		} catch (error) {
			await rm(beside, { force: true });
			throw error;
		}
	}

	async delete(id: string): Promise<void> {
		await rm(this.#file(id), { force: true });
	}

	async search(words: string): Promise<readonly string[]> {
		const found: Conversation[] = [];
		for (const id of await this.#ids()) {
			const stored = await this.load(id).catch(() => null);
			if (stored && hasWords(stored, words)) found.push(stored.conversation);
		}
		return found.sort((a, b) => b.updatedAtMs - a.updatedAtMs).map(({ id }) => id);
	}

	async #ids(): Promise<readonly string[]> {
		const names = await readdir(this.folder).catch(() => []);
		return names
			.filter((name) => name.endsWith(ending))
			.map((name) => name.slice(0, -ending.length))
			.filter((id) => idPattern.test(id));
	}

	#file(id: string): string {
		if (!idPattern.test(id)) throw new GammaError("conversation.missing", "This conversation is not there any more.");
		return join(this.folder, `${id}${ending}`);
	}
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
