import * as vscode from "vscode";
import { ChosenConversations } from "../../core/agent/chosenConversations";
import type { ConversationRelay } from "../../core/agent/conversationRelay";
import type { DiskStore } from "../../core/agent/conversationStore";
import { RelayConversations } from "../../core/agent/relayConversations";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { RelayAccess } from "../../core/relay/relayAccess";
import { toFailure } from "../../shared/errors";
import { userOfToken } from "../projects/userOfToken";

export interface ConversationAdapters {
	readonly DiskConversations: new (folder: string) => DiskStore;
	readonly RelayConversationClient: new (options: {
		readonly url: string;
		readonly access: RelayAccess;
		readonly logger: Logger;
	}) => ConversationRelay;
}

export interface WindowConversationsPorts {
	readonly context: Pick<vscode.ExtensionContext, "storageUri" | "globalStorageUri" | "globalState">;
	readonly adapters: ConversationAdapters;
	readonly access: RelayAccess;
	readonly jobs: JobSource;
	readonly logger: Logger;
}

/** The conversations of this window: in its relay while it has one, beside those on this machine. */
export class WindowConversations extends Owner {
	readonly #disk: DiskStore;
	readonly store: ChosenConversations;
	/** Of what is in use. */
	#using = "";
	#projects = "";
	readonly #home: vscode.Uri;
	readonly #changed = this.own(new Emitter<void>());
	/** The relay is another one, or none, or has other projects. */
	readonly onDidChange = this.#changed.event;

	constructor(private readonly ports: WindowConversationsPorts) {
		super();
		const { context, adapters, access, jobs } = ports;
		this.#home = context.storageUri ?? context.globalStorageUri;
		this.#disk = new adapters.DiskConversations(vscode.Uri.joinPath(this.#home, "conversations").fsPath);
		this.store = this.own(new ChosenConversations(this.#disk));
		this.own(access.onDidChange(() => void this.look()));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.look()));
		this.own(jobs.onDidChange(() => this.#followProjects()));
	}

	/** Takes the relay that there is now. Never rejects. */
	async look(): Promise<void> {
		const { access, logger } = this.ports;
		const { snapshot } = access;
		try {
			if (!vscode.workspace.isTrusted || snapshot.state !== "ready") return this.#use("", () => null);
			const userId = snapshot.kind === "local" ? null : await this.#userOf(snapshot.url);
			if (access.snapshot !== snapshot) return;
			// The local relay has another address with each start.
			const key = await nameOf(snapshot.kind === "local" ? "local" : `${snapshot.url} ${userId}`);
			this.#use(`${key} ${snapshot.url}`, () => this.#relayOf(snapshot.url, userId, key));
		} catch (error) {
			logger.warn("the relay's conversations cannot be read", { reason: toFailure(error).message });
		}
	}

	#use(key: string, make: () => RelayConversations | null): void {
		if (this.isDisposed || key === this.#using) return;
		this.#using = key;
		this.store.use(make());
		this.#changed.fire();
	}

	#relayOf(url: string, userId: string | null, key: string): RelayConversations {
		const { adapters, access, jobs, logger } = this.ports;
		return new RelayConversations({
			relay: new adapters.RelayConversationClient({ url, access, logger }),
			copies: new adapters.DiskConversations(vscode.Uri.joinPath(this.#home, "relayConversations", key).fsPath),
			projects: () => jobs.snapshot.projects.map(({ id }) => id),
			userId,
			keep: async (stored) => void (await this.#disk.save(stored)),
			logger,
		});
	}

	/** The projects come a moment after the relay does, and none of the jobs is of interest. */
	#followProjects(): void {
		const projects = this.ports.jobs.snapshot.projects.map(({ id }) => id).join();
		if (projects === this.#projects) return;
		this.#projects = projects;
		this.#changed.fire();
	}

	/** Without the sign-in service it is whoever it was: the copies are theirs. */
	async #userOf(url: string): Promise<string | null> {
		const { access, context } = this.ports;
		const key = `gamma.agent.userOf.${url}`;
		try {
			const userId = userOfToken(await access.token());
			await context.globalState.update(key, userId);
			return userId;
		} catch (error) {
			const before = context.globalState.get<unknown>(key);
			if (typeof before === "string") return before;
			throw error;
		}
	}
}

/** A folder's name that says nothing of whom it is for. */
async function nameOf(text: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return Buffer.from(digest).toString("hex").slice(0, 32);
}
