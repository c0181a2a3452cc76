import type { GitRepository } from "../../core/git/gitRepository";
import { GammaError } from "../../shared/errors";

/** Commits whose files are remembered: those of the logs and pages that are open. */
const keptCommits = 8;
/** A commit that is not here may be fetched: it is asked for again after so long. */
const askAgainMs = 15_000;
const none: ReadonlySet<string> = new Set();

/** Which files a commit has, to tell which of them a training's traceback means. */
export class CommitPaths {
	readonly #read = new Map<string, Promise<ReadonlySet<string>>>();
	/** When it was asked for last, by commit. */
	readonly #absent = new Map<string, number>();

	constructor(private readonly git: () => GitRepository | null) {}

	/** Empty where there is no repository, or it does not have the commit. */
	async of(sha: string): Promise<ReadonlySet<string>> {
		const git = this.git();
		if (!git) return none;
		const known = this.#read.get(sha);
		if (known) return known;
		if (Date.now() - (this.#absent.get(sha) ?? 0) < askAgainMs) return none;
		const reading = pathsOf(git, sha);
		this.#read.set(sha, reading);
		const oldest = this.#read.keys().next().value;
		if (this.#read.size > keptCommits && oldest !== undefined) this.#read.delete(oldest);
		const paths = await reading;
		if (paths.size === 0) {
			this.#read.delete(sha);
			this.#absent.set(sha, Date.now());
		}
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
