import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { WhyModel } from "../../core/why/whyModel";
import type { Handlers } from "../../shared/call";
import { GammaError } from "../../shared/errors";
import { type WhyState, whyCalls } from "../../shared/panels/whyPanel";
import type { Run, RunKey } from "../../shared/run";
import { askClaude } from "../agent/askClaude";
import { commitFileUri } from "../code/commitFiles";
import { findStoredDiffs, readStoredDiff } from "../code/storedDiff";
import { reportProblem } from "../commands/reportProblem";
import { Panel } from "../panels/panel";
import { testHunk } from "./testHunk";
import { TextsWithout } from "./textsWithout";
import type { WhyPorts } from "./whyPorts";

/** A file of its own (dist/why.cjs): why two runs differ, in an editor tab. */
export class WhyPanel extends Panel<typeof whyCalls, WhyState> {
	readonly #model: WhyModel;
	readonly #texts = this.own(new TextsWithout());

	constructor(
		panel: vscode.WebviewPanel,
		private readonly ports: WhyPorts,
	) {
		super(panel, { viewType: "gamma.why", script: "why", calls: whyCalls }, ports.deps.extensionUri, ports.deps.logger);
		const { deps, repository, secrets, jobs, relayAccess, loadClaude } = ports;
		this.#model = this.own(
			new WhyModel({
				...deps,
				git: () => repository.git,
				uncommitted: async (run, signal) => {
					const [diff] = await findStoredDiffs(deps.library, run, signal);
					return diff ? readStoredDiff(deps.library, run.key, run, diff, signal) : null;
				},
				ask: askClaude({ secrets, load: loadClaude, jobs, relayAccess }),
			}),
		);
		this.own(this.#model.onDidChange(() => this.invalidate()));
		this.own(repository.onDidChange(() => this.#model.lookAgain()));
		this.own(deps.choices.onDidChange(() => this.invalidate()));
	}

	ask(base: RunKey, other: RunKey): void {
		this.#model.setRuns(base, other);
	}

	protected override state(): WhyState {
		return this.#model.state(Date.now());
	}

	protected override handlers(): Handlers<typeof whyCalls> {
		// The base constructor asks before the fields are there: everything is looked up when a call comes.
		return {
			setRuns: ({ base, other }) => this.#model.setRuns(base, other),
			chooseMetric: ({ metric }) => this.#model.chooseMetric(metric),
			openRun: ({ key }) => this.ports.deps.actions.openRun(key),
			openCodeDiff: () =>
				this.#inBackground(({ base, other }) => this.ports.deps.actions.openCodeDiff(base.key, other.key)),
			openHunk: ({ id }) => this.#inBackground((runs) => this.#openHunk(runs, id)),
			testHunk: ({ id }) =>
				this.#inBackground(({ base, other }) =>
					testHunk({ base, other, hunk: this.#hunk(id) }, this.ports, this.#texts),
				),
			rank: () => void this.#model.rank(),
			stopRanking: () => this.#model.stopRanking(),
			setAgentKey: () => void vscode.commands.executeCommand(commandId("setAgentKey")),
		};
	}

	#hunk(id: string) {
		const hunk = this.#model.hunk(id);
		if (hunk) return hunk;
		throw new GammaError("edit.stale", "This change is not between the two runs any more: look at them anew.");
	}

	/** In the diff of its file; what was not committed in the stored diff, or in the file as it is. */
	async #openHunk({ base, other }: { readonly base: Run; readonly other: Run }, id: string): Promise<void> {
		const hunk = this.#hunk(id);
		if (hunk.from !== "committed") {
			return this.ports.deps.actions.openUncommittedDiff((hunk.from === "base" ? base : other).key);
		}
		const git = this.ports.repository.git;
		const [from, to] = await Promise.all([base, other].map((run) => git?.commit(run.commit ?? "")));
		if (!from || !to) throw new GammaError("git.failed", "The commits of these runs are not here: fetch them first.");
		const selection = new vscode.Range(hunk.newStart - 1, 0, hunk.newStart - 1, 0);
		const before = commitFileUri(from.sha, hunk.previousPath ?? hunk.path);
		const after = commitFileUri(to.sha, hunk.path);
		if (hunk.kind === "added" || hunk.kind === "deleted") {
			await vscode.window.showTextDocument(hunk.kind === "added" ? after : before, { selection, preview: true });
			return;
		}
		const title = `${hunk.path} (${from.sha.slice(0, 7)} ↔ ${to.sha.slice(0, 7)})`;
		await vscode.commands.executeCommand("vscode.diff", before, after, title, { selection, preview: true });
	}

	#inBackground(work: (runs: { readonly base: Run; readonly other: Run }) => Promise<void>): void {
		const { runs } = this.#model;
		const started = runs
			? Promise.resolve().then(() => work(runs))
			: Promise.reject(new GammaError("run.missing", "One of these runs is no longer in any open store."));
		started.catch((error: unknown) => reportProblem(error, "whyDidItChange", this.logger));
	}
}
