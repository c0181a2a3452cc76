import * as vscode from "vscode";
import type { Handlers } from "../../shared/call";
import { assertNever, GammaError, toFailure } from "../../shared/errors";
import {
	type RunPageAction,
	type RunPageRun,
	type RunPageState,
	runCalls,
	runPageKept,
} from "../../shared/panels/runPanel";
import type { Run, RunKey } from "../../shared/run";
import { findStoredDiffs } from "../code/storedDiff";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";
import { titleOf } from "./runPageTitle";
import { summarise } from "./runPanelMetrics";
import type { RunPanelOptions } from "./runPanelOptions";
import { toRunPageState } from "./runPanelState";

/** The page of a run in an editor tab. */
export class RunPanel extends Panel<typeof runCalls, RunPageState> {
	#growth = 0;
	#hasUncommittedDiff = false;
	#lookedForDiff = false;
	readonly #closing = new AbortController();

	constructor(
		panel: vscode.WebviewPanel,
		private readonly key: RunKey,
		private readonly deps: PanelDeps,
		private readonly options: RunPanelOptions,
		/** A person does something on the page. */
		private readonly onUse: () => void,
	) {
		super(panel, { viewType: "gamma.run", script: "run", calls: runCalls }, deps.extensionUri, deps.logger);
		this.own({ dispose: () => this.#closing.abort() });
		this.own(deps.choices.onDidChange(() => this.invalidate()));
		this.own(options.onDidChangeGit(() => this.invalidate()));
		this.own(options.onDidChangeJobs(() => this.invalidate()));
		this.own(
			deps.model.onDidChange((change) => {
				const touched = change.upserted.some((run) => run.key === key);
				if (touched || change.grown.some((grown) => grown.key === key)) this.#growth++;
				if (touched && panel.title !== titleOf(deps.model.run(key))) panel.title = titleOf(deps.model.run(key));
				void this.#lookForUncommittedDiff();
				// The stores' states, the parent and the children are of the page too.
				this.invalidate();
			}),
		);
		void this.#lookForUncommittedDiff();
	}

	protected state(): RunPageState {
		const { model, choices } = this.deps;
		const run = model.run(this.key);
		return toRunPageState(this.key, run, {
			snapshot: model.snapshot,
			choices: choices.snapshot,
			colour: choices.colourOf(this.key),
			growth: this.#growth,
			branch: run ? this.options.branchOf(run) : null,
			job: run ? this.#job(run) : null,
			hasGit: this.options.hasGit(),
			hasUncommittedDiff: this.#hasUncommittedDiff,
			nowMs: Date.now(),
		});
	}

	protected handlers(): Handlers<typeof runCalls> {
		return {
			metrics: ({ names }, signal) => summarise(this.deps.library, this.key, names, signal),
			value: ({ of, name }) => this.#value(of, name),
			artifacts: ({ path }, signal) => this.deps.library.artifacts(this.key, path, signal),
			preview: ({ path, sizeBytes }, signal) => {
				this.onUse();
				return this.options.preview(this.key, path, sizeBytes, signal);
			},
			// A person may take minutes over a dialog: the call is answered at once, its end told by the editor.
			download: ({ path, isDir }) => this.#inBackground(this.options.download(this.key, path, isDir)),
			media: (_nothing, signal) => this.deps.library.media(this.key, signal),
			readMedia: ({ tag, index }, signal) => this.deps.library.readMedia(this.key, tag, index, signal),
			act: ({ action }) => this.#inBackground(this.#act(action)),
			openRun: ({ key }) => this.deps.actions.openRun(key),
			openJob: ({ id }) => this.options.openJob(id),
		};
	}

	#job(run: Run): RunPageRun["job"] {
		const tracked = this.options.jobOf(run);
		if (!tracked) return null;
		const { id, attempt, status } = tracked.job;
		return { id, attempt, status };
	}

	async #act(action: RunPageAction): Promise<void> {
		this.onUse();
		const { actions, choices } = this.deps;
		const { baseline } = choices.snapshot;
		switch (action) {
			case "openCharts":
				return actions.openCharts([this.key]);
			case "compareToBaseline":
				return actions.compare(baseline === null ? [this.key] : [baseline, this.key]);
			case "setBaseline":
				return choices.update({ baseline: this.key });
			case "clearBaseline":
				return choices.update({ baseline: null });
			case "openCommit":
				return actions.openCommit(this.key);
			case "diffToBaseline":
				return baseline === null ? undefined : actions.openCodeDiff(baseline, this.key);
			case "openUncommittedDiff":
				return actions.openUncommittedDiff(this.key);
			case "checkOutCommit":
				return actions.checkOutCommit(this.key);
			default:
				return assertNever(action);
		}
	}

	#inBackground(work: Promise<void>): void {
		work.catch((error: unknown) => {
			if (GammaError.is(error, "call.cancelled")) return;
			this.logger.warn("an action of a run's page failed", { ...toFailure(error) });
			void vscode.window.showErrorMessage(toFailure(error).message);
		});
	}

	#value(of: "param" | "tag", name: string): string {
		const run = this.deps.model.run(this.key);
		const value = (of === "param" ? run?.params : run?.tags)?.[name];
		if (value !== undefined) return value;
		throw new GammaError("run.missing", `This run has no ${of} ${JSON.stringify(name.slice(0, 100))} any more.`);
	}

	/** Once, when the run is there: after a reload that is some time after the page. */
	async #lookForUncommittedDiff(): Promise<void> {
		const run = this.deps.model.run(this.key);
		if (!run || this.#lookedForDiff) return;
		this.#lookedForDiff = true;
		try {
			this.#hasUncommittedDiff = (await findStoredDiffs(this.deps.library, run, this.#closing.signal)).length > 0;
		} catch (error) {
			// Its button is missing then; the artifacts themselves say what is wrong.
			this.logger.debug("looking for uncommitted changes failed", { ...toFailure(error) });
		}
		if (this.#hasUncommittedDiff && !this.isDisposed) this.invalidate();
	}
}

/** The run whose page was open before a reload; undefined when the page kept no such thing. */
export function keptRun(kept: unknown): RunKey | undefined {
	const parsed = runPageKept.safeParse(kept);
	return parsed.success && parsed.data.key !== "" ? parsed.data.key : undefined;
}
