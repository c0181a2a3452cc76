import { Owner } from "../../core/disposable";
import type * as SetupProposals from "../../core/mmp/setupProposal";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { ContextKeys } from "../contextKeys";
import type { Repository } from "../repository";
import { createGithubApp, type GithubApps } from "./githubAppCreation";
import { ProjectSetup } from "./projectSetup";

/** What is loaded when a repository is set up, or a relay's App made. */
export interface MmpParts extends Pick<typeof SetupProposals, "proposeFor"> {
	readonly githubApps: () => GithubApps;
}

/** What is done once for a repository, and once for a relay. */
export class MmpDesk extends Owner {
	readonly #setup: ProjectSetup;

	constructor(
		repository: Repository,
		private readonly relay: Pick<RelayAccess, "snapshot">,
		private readonly load: () => Promise<MmpParts>,
		context: Pick<ContextKeys, "set">,
	) {
		super();
		const setContext = (key: "gamma.reviewsSetup", value: boolean) => context.set(key, value);
		this.#setup = this.own(new ProjectSetup({ repository, load, setContext }));
	}

	commands() {
		return {
			setUpProject: () => this.#setup.run(),
			addProposedFiles: () => this.#setup.add(),
			createGithubApp: () => createGithubApp(this.relay.snapshot, this.load),
		};
	}
}
