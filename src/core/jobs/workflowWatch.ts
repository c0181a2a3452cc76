import { toFailure } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter, type Event } from "../emitter";
import type { ForgeAddress } from "../git/forgeAddress";
import type { JobsState } from "./trackedJob";
import type { WorkflowAnswer, WorkflowLister, WorkflowRun } from "./workflowRuns";

/** Between two questions while something of the list runs, and while nothing does. Most are answered 304, which costs no quota. */
const askEveryMs = { running: 15_000, idle: 60_000 };
/** After a failure twice as long each time, up to this. */
const longestWaitMs = 15 * 60_000;

/** A limit's end is said anew so often. */
const sayEveryMs = 60_000;

/** Whose token GitHub is asked with, and only once the person let Gamma have it. */
export interface GithubAccess {
	/** Whether the editor can sign in at this host: github.com, and the enterprise that its settings name. */
	knows(host: string): boolean;
	/** Of this host and for no other; null while there is none. Asks nobody. */
	token(host: string): Promise<string | null>;
	readonly onDidChange: Event<void>;
}

/** Whether anybody looks at the jobs in a window that has the focus. */
export interface Attention {
	readonly isPaid: boolean;
	readonly onDidChange: Event<void>;
}

export interface WorkflowWatchParts {
	readonly github: GithubAccess;
	readonly attention: Attention;
	/** Made when a host is first asked: it knows what has not changed since. */
	readonly lister: (host: string) => Promise<WorkflowLister>;
}

type GithubState = Pick<Extract<JobsState, { kind: "withoutRelay" }>, "github" | "reason">;

const otherHost = (host: string) =>
	`Workflow runs are read from github.com, and from the enterprise that github-enterprise.uri names; this repository is at ${host}. A relay hears of its pushes all the same.`;

/** With the time until then. */
function limitedWords(untilMs: number): string {
	const minutes = Math.max(1, Math.ceil((untilMs - Date.now()) / 60_000));
	return `GitHub's rate limit is reached: it is asked again in ${minutes} min.`;
}

/** The workflow runs of one repository at GitHub, asked for only while somebody looks. */
export class WorkflowWatch extends Owner {
	#forge: ForgeAddress | null = null;
	#state: GithubState = { github: "absent", reason: null };
	#runs: readonly WorkflowRun[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asking: AbortController | null = null;
	#dueMs = 0;
	/** GitHub asked not to be asked before. */
	#notBeforeMs = 0;
	#failures = 0;
	#lister: { readonly host: string; readonly made: Promise<WorkflowLister> } | null = null;

	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: WorkflowWatchParts) {
		super();
		this.own(parts.attention.onDidChange(() => this.#schedule()));
		this.own(
			parts.github.onDidChange(() => {
				// Another account has another limit.
				this.#notBeforeMs = 0;
				this.#startAnew();
			}),
		);
		this.own({ dispose: () => this.#stop() });
	}

	get state(): GithubState {
		return this.#state;
	}

	get runs(): readonly WorkflowRun[] {
		return this.#runs;
	}

	/** Which repository is asked for; another one forgets what was known. */
	watch(forge: ForgeAddress | null): void {
		if (forge?.host === this.#forge?.host && forge?.repository === this.#forge?.repository) return;
		this.#forge = forge;
		this.#runs = [];
		this.#startAnew();
	}

	/** Asks now, unless GitHub asked to wait or nobody looks. */
	refresh(): void {
		this.#startAnew();
	}

	#startAnew(): void {
		this.#stop();
		this.#dueMs = 0;
		this.#failures = 0;
		const forge = this.#forge;
		if (forge === null) this.#announce({ github: "absent", reason: null });
		else if (!this.parts.github.knows(forge.host)) this.#announce({ github: "absent", reason: otherHost(forge.host) });
		else this.#schedule();
	}

	/** Asks when it is due; at once when it is overdue. */
	#schedule(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const { attention, github } = this.parts;
		const mayAsk = this.#forge !== null && github.knows(this.#forge.host) && attention.isPaid && !this.isDisposed;
		if (!mayAsk || this.#asking || !Number.isFinite(this.#dueMs)) return;
		const limitMs = this.#notBeforeMs - Date.now();
		if (limitMs > sayEveryMs) {
			this.#timer = setTimeout(() => this.#sayLimit(), sayEveryMs);
			return;
		}
		this.#timer = setTimeout(() => void this.#ask(), Math.max(0, this.#dueMs - Date.now(), limitMs));
	}

	#sayLimit(): void {
		this.#announce({ github: "failed", reason: limitedWords(this.#notBeforeMs) });
		this.#schedule();
	}

	#listerOf(host: string): Promise<WorkflowLister> {
		if (this.#lister?.host !== host) this.#lister = { host, made: this.parts.lister(host) };
		const { made } = this.#lister;
		// One that could not be made is made anew.
		made.catch(() => {
			if (this.#lister?.made === made) this.#lister = null;
		});
		return made;
	}

	async #ask(): Promise<void> {
		if (this.#forge === null) return;
		const { host, repository } = this.#forge;
		const asking = new AbortController();
		this.#asking = asking;
		try {
			const token = await this.parts.github.token(host);
			if (asking.signal.aborted) return;
			if (token === null) {
				// Until the accounts change there is nothing to ask with.
				this.#dueMs = Number.POSITIVE_INFINITY;
				this.#runs = [];
				this.#announce({ github: "signedOut", reason: null });
				return;
			}
			const answer = await (await this.#listerOf(host)).list(repository, token, asking.signal);
			if (!asking.signal.aborted) this.#take(answer);
		} catch (error) {
			if (asking.signal.aborted) return;
			this.#take({ is: "failed", why: "unreachable", reason: toFailure(error).message, notBeforeMs: null });
		} finally {
			if (this.#asking === asking) {
				this.#asking = null;
				this.#schedule();
			}
		}
	}

	#take(answer: WorkflowAnswer): void {
		const nowMs = Date.now();
		if (answer.is === "runs") {
			this.#failures = 0;
			this.#runs = answer.runs;
			const isRunning = answer.runs.some(({ fact }) => fact.run !== null && fact.run.stage < 2);
			this.#dueMs = nowMs + (isRunning ? askEveryMs.running : askEveryMs.idle);
			this.#announce({ github: "signedIn", reason: null });
			return;
		}
		this.#failures++;
		const backOffMs = Math.min(askEveryMs.idle * 2 ** (this.#failures - 1), longestWaitMs);
		this.#dueMs = nowMs + backOffMs;
		this.#notBeforeMs = answer.notBeforeMs ?? 0;
		const reason =
			answer.notBeforeMs !== null && answer.why === "limited" ? limitedWords(answer.notBeforeMs) : answer.reason;
		this.#announce({ github: "failed", reason });
	}

	#announce(state: GithubState): void {
		this.#state = state;
		this.#changed.fire();
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#asking?.abort();
		this.#asking = null;
	}
}
