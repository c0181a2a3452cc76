import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RelayFiles } from "../../src/adapters/localRelay/relayFiles";
import { relayFolder } from "../../src/adapters/localRelay/relayFolder";
import type { RelayUnderTest } from "./relay";

/** A user's folder for state, in which editors find the local relay that the test says. */
export class RelayPlace {
	readonly #home = mkdtempSync(join(tmpdir(), "gamma-state-"));
	/** What an editor is started with, so that it looks here. */
	readonly environment = { XDG_STATE_HOME: this.#home };
	readonly #files = new RelayFiles(relayFolder(this.environment));

	async publish({ url, token }: Pick<RelayUnderTest, "url" | "token">): Promise<void> {
		await this.#files.makeFolder();
		await this.#files.publish(url, token ?? "");
	}

	remove(): void {
		rmSync(this.#home, { recursive: true, force: true });
	}
}
