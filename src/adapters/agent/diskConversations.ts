import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
	type ConversationList,
	type DiskStore,
	hasWords,
	type StoredConversation,
	storedConversationSchema,
	toListed,
} from "../../core/agent/conversationStore";
import { type KnownMessages, knownOf, mergeMessages } from "../../core/agent/mergeMessages";
import { Emitter } from "../../core/emitter";
import type { Conversation } from "../../shared/agent/conversation";
import { GammaError } from "../../shared/errors";
import type { ListedConversation } from "../../shared/panels/agentPanel";
import { FileLock } from "./fileLock";

const ending = ".json";
/** Ids become names of files: nothing of them may lead elsewhere. */
const idPattern = /^[\w-]{1,100}$/;

/**
 * One JSON file per conversation, each replaced whole: after a crash it is the one before or the one after. Windows on one
 * folder keep what the others wrote.
 */
export class DiskConversations implements DiskStore {
	readonly onDidChange = new Emitter<readonly string[]>().event;
	readonly #told = new Set<string>();
	/** Of what was loaded or saved here: what whoever has it open knows of it. */
	readonly #known = new Map<string, { readonly title: string; readonly messages: KnownMessages }>();
	/** What was last written or read here, and the file's state then: it is not read again while it is that. */
	readonly #last = new Map<string, { readonly state: string; readonly stored: StoredConversation }>();
	readonly #lock = new FileLock();
	#writes = 0;

	/** `folder` is absolute, and made when the first conversation is kept. */
	constructor(private readonly folder: string) {}

	async list(): Promise<ConversationList> {
		const conversations: ListedConversation[] = [];
		const damaged: string[] = [];
		for (const id of await this.#ids()) {
			try {
				const stored = await this.read(id);
				if (stored) conversations.push(toListed(stored));
			} catch (error) {
				if (!GammaError.is(error, "conversation.damaged") || this.#told.has(id)) continue;
				this.#told.add(id);
				damaged.push(`${id}${ending}.damaged`);
			}
		}
		return { conversations: conversations.sort((a, b) => b.updatedAtMs - a.updatedAtMs), damaged };
	}

	async load(id: string): Promise<StoredConversation> {
		const stored = await this.read(id);
		if (!stored) throw missing();
		this.#know(stored);
		return stored;
	}

	async save(mine: StoredConversation): Promise<ListedConversation> {
		const { id } = mine.conversation;
		const base = this.#known.get(id);
		const saved = await this.update(id, (now) => {
			if (!now) return mine;
			const messages = [...mergeMessages(base?.messages ?? new Map(), mine.messages, now.messages)];
			const title = mine.conversation.title === base?.title ? now.conversation.title : mine.conversation.title;
			const updatedAtMs = Math.max(mine.conversation.updatedAtMs, now.conversation.updatedAtMs);
			const handed = now.handed ?? mine.handed;
			return { conversation: { ...mine.conversation, title, updatedAtMs }, messages, ...(handed && { handed }) };
		});
		this.#know(mine);
		return toListed(saved ?? mine);
	}

	async delete(id: string): Promise<void> {
		await this.update(id, () => null);
	}

	async search(words: string): Promise<readonly string[]> {
		const found: Conversation[] = [];
		for (const id of await this.#ids()) {
			const stored = await this.read(id).catch(() => null);
			if (stored && hasWords(stored, words)) found.push(stored.conversation);
		}
		return found.sort((a, b) => b.updatedAtMs - a.updatedAtMs).map(({ id }) => id);
	}

	async has(id: string): Promise<boolean> {
		return (await this.#stateOf(this.#file(id))) !== null;
	}

	async read(id: string): Promise<StoredConversation | null> {
		const file = this.#file(id);
		const state = await this.#stateOf(file);
		const last = this.#last.get(id);
		if (state !== null && last?.state === state) return last.stored;
		const text = await readFile(file, "utf8").catch(() => null);
		if (text === null) return null;
		const parsed = storedConversationSchema.safeParse(parsedJson(text));
		if (parsed.success && parsed.data.conversation.id === id) {
			if (state !== null) this.#last.set(id, { state, stored: parsed.data });
			return parsed.data;
		}
		await rename(file, `${file}.damaged`).catch(() => {});
		throw new GammaError(
			"conversation.damaged",
			`This conversation cannot be read; it was put aside as ${id}${ending}.damaged.`,
		);
	}

	async update(
		id: string,
		change: (now: StoredConversation | null) => StoredConversation | null,
	): Promise<StoredConversation | null> {
		const file = this.#file(id);
		await mkdir(this.folder, { recursive: true, mode: 0o700 });
		return this.#lock.held(`${file}.lock`, async () => {
			// One that cannot be read was put aside: what is kept now begins anew.
			const now = await this.read(id).catch(() => null);
			const next = change(now);
			if (next === now) return now;
			if (next === null) await rm(file, { force: true });
			else await this.#write(file, next);
			const state = await this.#stateOf(file);
			if (next && state !== null) this.#last.set(id, { state, stored: next });
			else this.#last.delete(id);
			return next;
		});
	}

	#know({ conversation: { id, title }, messages }: StoredConversation): void {
		this.#known.set(id, { title, messages: knownOf(messages) });
	}

	async #write(file: string, stored: StoredConversation): Promise<void> {
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

	/** Another file, or the same one written anew, has another; null where there is none. */
	async #stateOf(file: string): Promise<string | null> {
		const found = await stat(file, { bigint: true }).catch(() => null);
		return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
	}

	async #ids(): Promise<readonly string[]> {
		const names = await readdir(this.folder).catch(() => []);
		return names
			.filter((name) => name.endsWith(ending))
			.map((name) => name.slice(0, -ending.length))
			.filter((id) => idPattern.test(id));
	}

	#file(id: string): string {
		if (!idPattern.test(id)) throw missing();
		return join(this.folder, `${id}${ending}`);
	}
}

function missing(): GammaError {
	return new GammaError("conversation.missing", "This conversation is not there any more.");
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
