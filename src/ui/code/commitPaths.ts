import type { GitRepository } from "../../core/git/gitRepository";
import { GammaError } from "../../shared/errors";

/** Commits whose files are remembered: those of the logs and pages that are open. */
const keptCommits = 8;
const none: ReadonlySet<string> = new Set();

/** Which files a commit has, to tell which of them a training's traceback means. */
export class CommitPaths {
	readonly #read = new Map<string, Promise<ReadonlySet<string>>>();

	constructor(private readonly git: () => GitRepository | null) {}

	/** Empty where there is no repository, or it does not have the commit. */
	async of(sha: string): Promise<ReadonlySet<string>> {
		const git = this.git();
		if (!git) return none;
		const known = this.#read.get(sha);
		if (known) return known;
		const reading = pathsOf(git, sha);
		this.#read.set(sha, reading);
		const oldest = this.#read.keys().next().value;
		if (this.#read.size > keptCommits && oldest !== undefined) this.#read.delete(oldest);
		const paths = await reading;
		// A commit that is not here yet may be fetched.
		if (paths.size === 0) this.#read.delete(sha);
		return paths;
	}
}

async function pathsOf(git: GitRepository, sha: string): Promise<ReadonlySet<string>> {
	try {
		return new Set((await git.changedFiles(null, sha)).map(({ path }) => path));
	} catch (error) {
		if (GammaError.is(error)) return none;
		throw error;
	}
}
