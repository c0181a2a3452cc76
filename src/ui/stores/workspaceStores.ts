import * as vscode from "vscode";
import * as z from "zod/mini";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import { chooseStores, hostOf } from "../../core/stores/chooseStores";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { isRemoteUri } from "../../core/stores/storeUri";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { toFailure } from "../../shared/errors";
import type { StoreSummary } from "../../shared/run";
import type { WorkspaceMemory } from "../memory";
import type { ServerSecrets } from "../secrets";
import { onDidChangeSettings, readSetting, readStores } from "../settings";

export interface WorkspaceStoresParts {
	readonly library: RunLibrary;
	readonly memory: WorkspaceMemory;
	readonly secrets: ServerSecrets;
	readonly variables: Readonly<Record<string, string | undefined>>;
	readonly watchForStores: (watched: readonly string[], onHint: () => void) => Disposable;
	readonly logger: Logger;
}

export interface StoresSnapshot {
	/** Whether the folders were looked through at least once. */
	readonly isSearching: boolean;
	readonly openCount: number;
	/** Servers that a file of the workspace names and the person has not allowed yet. */
	readonly asked: readonly StoreLocation[];
	/** Servers left alone until the workspace is trusted. */
	readonly withheldCount: number;
	readonly problems: readonly string[];
}

const addedKey = "gamma.stores.added";
const allowedKey = "gamma.stores.allowedHosts";
const texts = z.array(z.string());

/** Finds the stores of the open folders, asks before it contacts one a repository names, and has the library read them. */
export class WorkspaceStores extends Owner {
	#snapshot: StoresSnapshot = { isSearching: true, openCount: 0, asked: [], withheldCount: 0, problems: [] };
	#looking: Promise<readonly StoreSummary[]> | undefined;
	#isStale = false;
	#watches: Disposable[] = [];
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: WorkspaceStoresParts) {
		super();
		const look = () => void this.look();
		this.own(vscode.workspace.onDidChangeWorkspaceFolders(look));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(look));
		this.own(onDidChangeSettings(["stores", "mlflow.trackingUri", "mlflow.headers"], look));
		this.own({ dispose: () => this.#unwatch() });
	}

	get snapshot(): StoresSnapshot {
		return this.#snapshot;
	}

	/** Looks for stores and opens them; one look at a time, the last wish is the one that counts. */
	look(): Promise<readonly StoreSummary[]> {
		if (this.#looking) {
			this.#isStale = true;
			return this.#looking;
		}
		this.#looking = this.#lookUntilFresh().finally(() => {
			this.#looking = undefined;
		});
		return this.#looking;
	}

	/** URIs that were opened by hand in this workspace. */
	get added(): readonly string[] {
		return this.parts.memory.read(addedKey, texts, []);
	}

	async add(uri: string): Promise<readonly StoreSummary[]> {
		this.parts.memory.set(addedKey, [...this.added.filter((other) => other !== uri), uri]);
		return this.look();
	}

	async remove(uri: string): Promise<void> {
		this.parts.memory.set(
			addedKey,
			this.added.filter((other) => other !== uri),
		);
		await this.look();
	}

	/** The person lets this workspace contact a host that one of its files names. */
	async allow(host: string): Promise<void> {
		const allowed = this.parts.memory.read(allowedKey, texts, []);
		this.parts.memory.set(allowedKey, [...allowed.filter((other) => other !== host), host]);
		await this.look();
	}

	async #lookUntilFresh(): Promise<readonly StoreSummary[]> {
		let summaries: readonly StoreSummary[] = [];
		do {
			this.#isStale = false;
			try {
				summaries = await this.#lookOnce();
			} catch (error) {
				this.parts.logger.error("looking for stores failed", { reason: toFailure(error).message });
				this.#announce({ ...this.#snapshot, isSearching: false, problems: [toFailure(error).message] });
			}
		} while (this.#isStale && !this.isDisposed);
		return summaries;
	}

	async #lookOnce(): Promise<readonly StoreSummary[]> {
		const { library, memory, logger } = this.parts;
		const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
		const discoveries = await Promise.all(
			folders.map((folder) =>
				library.find(folder.uri.fsPath, { variables: this.parts.variables, stores: namedStores(folder.uri) }),
			),
		);
		const found = new Map<string, StoreLocation>();
		const personal = readSetting("mlflow.trackingUri").trim();
		const own = [...this.added, ...(personal === "" ? [] : [personal])];
		for (const uri of own) found.set(uri, { uri, source: "settings" });
		for (const { locations } of discoveries) {
			for (const location of locations) if (!found.has(location.uri)) found.set(location.uri, location);
		}
		const choice = chooseStores([...found.values()], {
			isTrusted: vscode.workspace.isTrusted,
			allowedHosts: new Set(memory.read(allowedKey, texts, [])),
		});
		const problems = discoveries.flatMap((discovery) => discovery.problems.map(({ message }) => message));
		for (const problem of problems) logger.warn(problem);
		this.#watch(discoveries.flatMap(({ watched }) => watched));
		// Said before the stores have answered: a server may take its time.
		this.#announce({
			isSearching: false,
			openCount: choice.open.length,
			asked: choice.asked,
			withheldCount: choice.withheld.length,
			problems,
		});
		return library.open(await Promise.all(choice.open.map((location) => this.#withSecret(location))));
	}

	/** How a server of MLflow is asked, with what the person gave for it. */
	serverAt(uri: string): Promise<Pick<StoreLocation, "auth" | "headers"> & { readonly uri: string }> {
		return this.#withSecret({ kind: "mlflow-server", uri, label: uri } as StoreLocation);
	}

	/** What the person gave for exactly this origin; credentials from the environment stay as they are. */
	async #withSecret(location: StoreLocation): Promise<StoreLocation> {
		if (!isRemoteUri(location.uri)) return location;
		const origin = hostOf(location.uri);
		const secret = await this.parts.secrets.get(origin);
		const headers = { ...readSetting("mlflow.headers")[origin], ...secret?.headers };
		return {
			...location,
			...(secret ? { auth: secret.auth } : {}),
			...(Object.keys(headers).length > 0 ? { headers } : {}),
		};
	}

	#watch(watched: readonly string[]): void {
		this.#unwatch();
		if (this.isDisposed || watched.length === 0) return;
		this.#watches = [this.parts.watchForStores(watched, () => void this.look())];
	}

	#unwatch(): void {
		for (const watch of this.#watches) watch.dispose();
		this.#watches = [];
	}

	#announce(snapshot: StoresSnapshot): void {
		this.#snapshot = snapshot;
		this.#changed.fire();
	}
}

function namedStores(folder: vscode.Uri): readonly StoreLocation[] {
	const { personal, workspace } = readStores(folder);
	return [
		...personal.map((uri): StoreLocation => ({ uri, source: "settings" })),
		...workspace.map((uri): StoreLocation => ({ uri, source: "workspace" })),
	];
}
