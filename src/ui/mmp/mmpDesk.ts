import { Owner } from "../../core/disposable";
import type * as SetupProposals from "../../core/mmp/setupProposal";
import { once } from "../../core/once";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { ContextKeys } from "../contextKeys";
import type { Repository } from "../repository";
import type { GithubApps } from "./githubAppCreation";
import { ProposedDocuments } from "./proposedDocuments";

/** What is loaded when a repository is set up, or a relay's App made. */
export interface MmpParts extends Pick<typeof SetupProposals, "proposeFor"> {
	readonly githubApps: () => GithubApps;
}

export interface MmpDeskParts {
	readonly repository: Repository;
	readonly relay: Pick<RelayAccess, "snapshot">;
	readonly load: () => Promise<MmpParts>;
	readonly dialogs: () => Promise<typeof import("./setupParts")>;
	readonly context: Pick<ContextKeys, "set">;
}

/** What is done once for a repository, and once for a relay. */
export class MmpDesk extends Owner {
	readonly #documents = this.own(new ProposedDocuments());

	readonly #setup = once(async () => {
		const { repository, load, dialogs, context } = this.parts;
		const { ProjectSetup } = await dialogs();
		const setContext = (key: "gamma.reviewsSetup", value: boolean) => context.set(key, value);
		return this.own(new ProjectSetup({ repository, load, documents: this.#documents, setContext }));
	});

	constructor(private readonly parts: MmpDeskParts) {
		super();
	}

	commands() {
		const { relay, load, dialogs } = this.parts;
		return {
			setUpProject: async () => (await this.#setup()).run(),
			addProposedFiles: async () => (await this.#setup()).add(),
			createGithubApp: async () => (await dialogs()).createGithubApp(relay.snapshot, load),
		};
	}
}
