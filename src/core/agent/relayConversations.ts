import type { Conversation, Message } from "../../shared/agent/conversation";
import { GammaError, toFailure } from "../../shared/errors";
import type { ListedConversation } from "../../shared/panels/agentPanel";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import { backOffMs } from "../relay/backOff";
import type { ConversationRelay, RelayConversation, RelayMessage } from "./conversationRelay";
import {
	type ConversationList,
	type ConversationStore,
	type DiskStore,
	type StoredConversation,
	toListed,
} from "./conversationStore";
import { fromRelayMessage } from "./handedMessage";
import { HandOver } from "./handOver";
import { place } from "./mergeMessages";

/** Who opens the list or a conversation waits no longer for a relay that is silent. */
const openWithinMs = 4_000;

export interface RelayConversationsParts {
	readonly relay: ConversationRelay;
	/** Of this relay and this person alone: what was said is there first. */
	readonly copies: DiskStore;
	/** Whose conversations are listed. */
	readonly projects: () => readonly string[];
	/** The relay's name of the person; null where it has one person only. */
	readonly userId: string | null;
	/** Keeps what the relay does not take: its project is gone, or somebody deleted it while words were on their way. */
	readonly keep: (stored: StoredConversation) => Promise<void>;
	readonly logger: Logger;
}

/**
 * Conversations that live in the relay. Every word goes to a copy on the disk and is handed over from there, message by
 * message, once each is whole: a relay that is away delays it and loses nothing.
 */
export class RelayConversations extends Owner implements ConversationStore {
	readonly #changed = this.own(new Emitter<readonly string[]>());
	readonly onDidChange = this.#changed.event;
	readonly #handOver: HandOver;
	/** As the relay listed them last. */
	readonly #listed = new Map<string, RelayConversation>();
	/** Of those that were opened here: when the relay's was last read, by its own clock. */
	readonly #readAtMs = new Map<string, number>();
	readonly #behind = new Map<string, Promise<void>>();
	#failures = 0;
	#again: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly parts: RelayConversationsParts) {
		super();
		this.#handOver = new HandOver(parts.relay, parts.copies);
		this.own({ dispose: () => clearTimeout(this.#again) });
	}

	async has(id: string): Promise<boolean> {
		return this.#listed.has(id) || (await this.parts.copies.has(id));
	}

	async list(): Promise<ConversationList> {
		const known = await Promise.all(this.parts.projects().map((projectId) => this.#listProject(projectId)));
		const { conversations: copies, damaged } = await this.parts.copies.list();
		const copied = new Map(copies.map((copy) => [copy.id, copy]));
		const isGone = (copy: ListedConversation) =>
			known.some((project) => project?.projectId === copy.projectId && !project.ids.has(copy.id));
		const listed: ListedConversation[] = [];
		for (const copy of copies) {
			if (copy.waiting > 0 || isGone(copy)) this.#later(copy.id);
			if (copy.waiting === 0 && isGone(copy)) continue;
			const there = this.#listed.get(copy.id);
			const readAtMs = this.#readAtMs.get(copy.id);
			if (there && readAtMs !== undefined && there.updatedAtMs > readAtMs) this.#later(copy.id);
			listed.push(this.#withWhose(there ? { ...copy, title: await this.#titleOf(copy, there.title) } : copy));
		}
		for (const [id, there] of this.#listed) if (!copied.has(id)) listed.push(this.#withWhose(toListed(fresh(there))));
		return { conversations: listed.sort((a, b) => b.updatedAtMs - a.updatedAtMs), damaged };
	}

	/** The relay's, unless the person gave it another that the relay does not know yet. */
	async #titleOf({ id, title }: ListedConversation, theirs: string): Promise<string> {
		if (title === theirs) return title;
		const copy = await this.parts.copies.update(id, (now) => now && withTitle(now, theirs));
		if (copy && copy.conversation.title !== theirs) this.#later(id);
		return copy?.conversation.title ?? theirs;
	}

	async load(id: string): Promise<StoredConversation> {
		const { copies } = this.parts;
		const isThere = await copies.has(id);
		try {
			await withPatience((signal) => this.#read(id, signal));
		} catch (error) {
			if (!isThere) throw error;
			this.#tryAgain(error);
		}
		return copies.load(id);
	}

	async save(stored: StoredConversation): Promise<ListedConversation> {
		const { id } = stored.conversation;
		const there = this.#listed.get(id);
		const listed = await this.parts.copies.save({ handed: there ? fresh(there).handed : notBegun, ...stored });
		const copy = await this.parts.copies.read(id);
		if (listed.waiting > 0 || copy?.handed?.title !== copy?.conversation.title) this.#later(id);
		return this.#withWhose(listed);
	}

	async delete(id: string): Promise<void> {
		await this.#behind.get(id);
		const copy = await this.parts.copies.read(id);
		if (this.#listed.has(id) || copy?.handed?.title != null) await this.parts.relay.delete(id);
		await this.parts.copies.delete(id);
		this.#forget(id);
	}

	async search(words: string): Promise<readonly string[]> {
		const found = await Promise.all([
			this.parts.copies.search(words),
			...this.parts.projects().map((id) => this.parts.relay.search(id, words).catch(() => [])),
		]);
		return [...new Set(found.flat())];
	}

	/** Makes this one a conversation of the relay's; rejects, and it is none, where the relay does not take all of it. */
	async adopt({ conversation, messages }: StoredConversation, projectId: string): Promise<void> {
		const { id } = conversation;
		await this.parts.copies.update(
			id,
			(now) => now ?? { conversation: { ...conversation, projectId }, messages, handed: notBegun },
		);
		try {
			if ((await this.#handOver.run(id)) === "gone") throw notTaken();
		} catch (error) {
			await this.parts.copies.delete(id);
			throw error;
		}
		this.#changed.fire([id]);
	}

	/** Hands over what waits, and reads what others wrote; resolves once that was tried. */
	async settle(): Promise<void> {
		await Promise.all(this.#behind.values());
	}

	async #listProject(projectId: string): Promise<{ projectId: string; ids: ReadonlySet<string> } | null> {
		try {
			const found = (await withPatience((signal) => this.parts.relay.list(projectId, signal))) ?? [];
			const ids = new Set(found.map(({ id }) => id));
			for (const [id, there] of this.#listed) {
				if (there.projectId === projectId && !ids.has(id)) this.#listed.delete(id);
			}
			for (const there of found) this.#listed.set(there.id, there);
			this.#failures = 0;
			return { projectId, ids };
		} catch (error) {
			this.#tryAgain(error);
			return null;
		}
	}

	/** What others wrote since it was last read. */
	async #read(id: string, signal?: AbortSignal): Promise<void> {
		const { relay, copies } = this.parts;
		const before = await copies.read(id);
		const there = this.#listed.get(id);
		if (!before && !there) throw new GammaError("conversation.missing", "This conversation is not there any more.");
		if (before?.handed?.title === null) return;
		const rows: RelayMessage[] = [];
		for (let from: string | null = null; ; ) {
			const page = await relay.messages(id, from, signal);
			if (page === null) return this.#lost(id);
			const known = page.items.findIndex((row) => row.id === before?.handed?.lastId);
			rows.push(...(known < 0 ? page.items : page.items.slice(0, known)));
			if (known >= 0 || page.next === null) break;
			from = page.next;
		}
		this.#readAtMs.set(id, there?.updatedAtMs ?? 0);
		const after = await copies.update(id, (now) => {
			const copy = now ?? (there ? fresh(there) : null);
			return copy && withRows(withTitle(copy, there?.title), rows.reverse());
		});
		if (before && after && idsOf(after) !== idsOf(before)) this.#changed.fire([id]);
	}

	/** Reads and hands over soon; again while there is something to do. */
	#later(id: string): void {
		if (this.isDisposed) return;
		const before = this.#behind.get(id) ?? Promise.resolve();
		const course = before.then(() => this.#course(id));
		this.#behind.set(id, course);
		void course.then(() => {
			if (this.#behind.get(id) === course) this.#behind.delete(id);
		});
	}

	/** Never rejects. */
	async #course(id: string): Promise<void> {
		try {
			if (this.isDisposed || !(await this.has(id))) return;
			await this.#read(id);
			const outcome = await this.#handOver.run(id);
			if (outcome === "gone") return await this.#lost(id);
			this.#failures = 0;
			if (outcome === "handed") this.#changed.fire([id]);
		} catch (error) {
			this.#tryAgain(error);
		}
	}

	#tryAgain(error: unknown): void {
		const { code, message } = toFailure(error);
		if (this.#failures++ === 0) this.parts.logger.info("conversations wait for the relay", { reason: message });
		// What it refuses it refuses again; a new token, or a project's new member, comes with a new list.
		if (this.isDisposed || this.#again !== undefined || code === "relay.refused") return;
		this.#again = setTimeout(
			() => {
				this.#again = undefined;
				this.#changed.fire([]);
			},
			backOffMs(this.#failures, null),
		);
	}

	/** The relay has it no more. What was not there yet is kept on the disk; the rest was somebody's to delete. */
	async #lost(id: string): Promise<void> {
		const { copies, keep, logger } = this.parts;
		const copy = await copies.read(id);
		if (copy && (toListed(copy).waiting > 0 || copy.messages.length > (copy.handed?.keys.length ?? 0))) {
			logger.info("a conversation is kept on the disk, since the relay has it no more", { id });
			await keep({ conversation: copy.conversation, messages: copy.messages });
		}
		await copies.delete(id);
		this.#forget(id);
		this.#changed.fire([id]);
	}

	#forget(id: string): void {
		this.#listed.delete(id);
		this.#readAtMs.delete(id);
	}

	#withWhose(listed: ListedConversation): ListedConversation {
		const there = this.#listed.get(listed.id);
		if (!there) return listed;
		const { userId } = this.parts;
		return {
			...listed,
			title: listed.title || there.title,
			updatedAtMs: Math.max(listed.updatedAtMs, there.updatedAtMs),
			isOthers: userId !== null && there.createdBy !== userId,
		};
	}
}

const notBegun = { title: null, lastId: null, keys: [] };

function notTaken(): GammaError {
	const message = "The relay does not take this conversation: you may not write in its project.";
	return new GammaError("relay.refused", message);
}

function fresh({ id, title, projectId, jobId, createdAtMs, updatedAtMs }: RelayConversation): StoredConversation {
	const conversation: Conversation = { id, title, projectId, jobId, createdAtMs, updatedAtMs };
	return { conversation, messages: [], handed: { title, lastId: null, keys: [] } };
}

/** The relay's title counts where the person has not changed theirs. */
function withTitle(copy: StoredConversation, title: string | undefined): StoredConversation {
	const { conversation, handed } = copy;
	if (!handed || title === undefined || title === handed.title) return copy;
	const isOurs = conversation.title !== handed.title;
	return { ...copy, conversation: isOurs ? conversation : { ...conversation, title }, handed: { ...handed, title } };
}

/** With the relay's messages that were not known yet, the oldest first. */
function withRows(copy: StoredConversation, rows: readonly RelayMessage[]): StoredConversation {
	const { handed } = copy;
	const last = rows.at(-1);
	if (!handed || !last) return copy;
	const before = copy.messages;
	const known = new Map(before.map((message) => [message.id, message]));
	const keys = new Set(handed.keys);
	const read = rows.map(fromRelayMessage);
	const isRead = new Set(read.map(({ message }) => message.id));
	const isWaiting = ({ id }: Message) => !keys.has(id) && !isRead.has(id);
	const waiting = before.filter(isWaiting);
	// In the relay's order, in which every window has it; what it has not comes after.
	let messages: readonly Message[] = before.filter((message) => !isWaiting(message) && !isRead.has(message.id));
	for (const { message, after, drops } of read) {
		messages = messages.filter(({ id }) => !drops.includes(id));
		for (const id of drops) keys.delete(id);
		const own = known.get(message.id);
		// One that is known and not there was taken away here, and the relay hears of it with what comes in its place.
		if (own || !keys.has(message.id)) messages = place(messages, own ?? message, after);
		keys.add(message.id);
	}
	for (const message of waiting) messages = place(messages, message, before[before.indexOf(message) - 1]?.id ?? null);
	const updatedAtMs = Math.max(copy.conversation.updatedAtMs, ...rows.map(({ createdAtMs }) => createdAtMs));
	return {
		conversation: { ...copy.conversation, updatedAtMs },
		messages: [...messages],
		handed: { ...handed, lastId: last.id, keys: [...keys] },
	};
}

function idsOf({ messages, conversation }: StoredConversation): string {
	return [conversation.title, ...messages.map(({ id }) => id)].join("\n");
}

async function withPatience<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), openWithinMs);
	try {
		return await ask(patience.signal);
	} finally {
		clearTimeout(timer);
	}
}
