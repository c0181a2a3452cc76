import * as vscode from "vscode";
import { abortable } from "../../core/abortable";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import type { LocalRelay, RunningRelay } from "../../core/relay/localRelay";
import type { RelayAccess, RelayAccessState } from "../../core/relay/relayAccess";
import { assertNever, GammaError } from "../../shared/errors";
import { onDidChangeSettings } from "../settings";
import { readRelayTarget, relaySettingKeys } from "./readRelayTarget";
import type { RelayTokens } from "./relayTokens";
import type { SignIn } from "./signIn";

export interface WindowRelayParts {
	readonly signIn: SignIn;
	readonly tokens: RelayTokens;
	readonly secrets: vscode.SecretStorage;
	/** A file of its own, loaded with the first call. */
	readonly localRelay: () => Promise<LocalRelay>;
	readonly logger: Logger;
}

/** The port `RelayAccess` over the settings, sign-in and this machine's own relay. In a folder that is not trusted: none. */
export class WindowRelay extends Owner implements RelayAccess {
	readonly #changed = this.own(new Emitter<void>());
	#snapshot: RelayAccessState = { state: "none" };
	#running: RunningRelay | null = null;
	#watching: Disposable | null = null;
	#looking: Promise<void> = Promise.resolve();
	#complaint = "";

	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: WindowRelayParts) {
		super();
		const look = () => void this.look();
		this.own(onDidChangeSettings(relaySettingKeys, look));
		this.own(parts.signIn.onDidChange(look));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(look));
		this.own(
			parts.secrets.onDidChange(({ key }) => {
				const target = readRelayTarget();
				if (target.kind === "token" && parts.tokens.isOf(target.url, key)) look();
			}),
		);
		look();
	}

	get snapshot(): RelayAccessState {
		return this.#snapshot;
	}

	/** Looks anew; one look after the other. */
	look(): Promise<void> {
		this.#looking = this.#looking.then(async () => {
			try {
				this.#set(await this.#state());
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				this.parts.logger.warn("it cannot be told which relay this window has", { reason });
			}
		});
		return this.#looking;
	}

	token(signal?: AbortSignal): Promise<string> {
		return abortable(this.#token(false), signal);
	}

	renewToken(signal?: AbortSignal): Promise<string> {
		return abortable(this.#token(true), signal);
	}

	override dispose(): void {
		this.#watching?.dispose();
		super.dispose();
	}

	async #state(): Promise<RelayAccessState> {
		if (!vscode.workspace.isTrusted) return { state: "none" };
		const target = readRelayTarget();
		await this.parts.signIn.use(target.kind === "signIn" ? target.service : null);
		this.#complain(target.kind === "invalid" ? target.reason : "");
		this.#running = target.kind === "local" ? await this.#findLocal() : null;
		switch (target.kind) {
			case "invalid":
				return { state: "none" };
			case "local":
				return this.#running ? { state: "ready", url: this.#running.url, kind: "local" } : { state: "none" };
			case "token": {
				const hasToken = (await this.parts.tokens.get(target.url)) !== null;
				return hasToken ? { state: "ready", url: target.url, kind: "shared" } : { state: "signedOut", url: target.url };
			}
			case "signIn":
				return this.parts.signIn.snapshot
					? { state: "ready", url: target.url, kind: "shared" }
					: { state: "signedOut", url: target.url };
			default:
				return assertNever(target);
		}
	}

	async #findLocal(): Promise<RunningRelay | null> {
		const local = await this.parts.localRelay();
		// Another window, or the command line, may start or stop it.
		if (!this.isDisposed) this.#watching ??= local.watch(() => void this.look());
		return local.find();
	}

	async #token(wasRefused: boolean): Promise<string> {
		const target = readRelayTarget();
		switch (target.kind) {
			case "signIn":
				await this.parts.signIn.use(target.service);
				return wasRefused ? this.parts.signIn.renewToken() : this.parts.signIn.token();
			case "token": {
				const token = await this.parts.tokens.get(target.url);
				if (token !== null && !wasRefused) return token;
				const { host } = new URL(target.url);
				const reason = token === null ? `There is no token for ${host}` : `${host} does not take its token any more`;
				throw new GammaError("relay.unauthorized", `${reason}: connect to the relay again.`);
			}
			case "local": {
				// Started again it has another token; what is found has been asked with the one it has now.
				if (wasRefused || this.#running === null) await this.look();
				if (this.#running !== null) return this.#running.token;
				throw new GammaError("relay.unauthorized", "The local relay does not run: start it again.");
			}
			case "invalid":
				throw new GammaError("settings.invalid", target.reason);
			default:
				return assertNever(target);
		}
	}

	#set(state: RelayAccessState): void {
		if (JSON.stringify(state) === JSON.stringify(this.#snapshot)) return;
		this.#snapshot = state;
		this.#changed.fire();
	}

	/** A setting that is wrong is told once, where settings are told: in the log. */
	#complain(reason: string): void {
		if (reason !== "" && reason !== this.#complaint) this.parts.logger.warn(reason);
		this.#complaint = reason;
	}
}
