import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { JobModel } from "../../core/jobs/jobModel";
import { LocalJobsDoor } from "../../core/jobs/localJobsDoor";
import type { makeLocalJobs } from "../../core/jobs/makeLocalJobs";
import type { WorkflowLister } from "../../core/jobs/workflowRuns";
import type { Logger } from "../../core/logger";
import type { RunModel } from "../../core/runs/runModel";
import type { Repository } from "../repository";
import { GithubAccount } from "./githubAccount";
import { JobsAttention, type WatchedView } from "./jobsAttention";
import { JobsWelcome } from "./jobsWelcome";
import type { LoadJobDialogs } from "./loadJobDialogs";

export interface JobsWithoutRelayParts {
	readonly load: () => Promise<{ readonly makeLocalJobs: typeof makeLocalJobs }>;
	readonly repository: Repository;
	readonly runs: RunModel;
	/** What the view shows, from whichever source. */
	readonly shown: JobModel;
	readonly lister: (host: string) => Promise<WorkflowLister>;
	readonly dialogs: LoadJobDialogs;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}

/** The jobs of a window that has no relay, and the ways to more of them. */
export class JobsWithoutRelay extends Owner {
	readonly #attention: JobsAttention;
	/** Who asks GitHub asks with it. */
	readonly account: GithubAccount;
	readonly jobs: LocalJobsDoor;

	constructor(private readonly parts: JobsWithoutRelayParts) {
		super();
		const { repository, runs, shown, lister, setContext, logger } = parts;
		this.account = this.own(new GithubAccount(logger));
		this.#attention = this.own(new JobsAttention(shown));
		const history = {
			get git() {
				return repository.git;
			},
			get sources() {
				return repository.sources;
			},
			onDidChange: repository.onDidChangeRefs,
		};
		const { account: github } = this;
		const attention = this.#attention;
		this.jobs = this.own(
			new LocalJobsDoor(async () => {
				const { makeLocalJobs } = await parts.load();
				return makeLocalJobs({ repository: history, runs, github, attention, lister, logger });
			}, logger),
		);
		this.own(new JobsWelcome({ jobs: shown, local: this.jobs, setContext }));
	}

	/** GitHub is asked while this view is looked at. */
	follow(view: WatchedView): void {
		this.#attention.follow(view);
	}

	commands() {
		return {
			signInToGithub: () => this.account.signIn(this.jobs.forge?.host),
			addRelay: async () => (await this.parts.dialogs()).addRelay(),
		};
	}
}
