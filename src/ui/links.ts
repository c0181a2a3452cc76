import * as vscode from "vscode";
import { callbackPath } from "../core/contributions";
import { type Disposable, Owner } from "../core/disposable";
import { parseGammaLink } from "../core/gammaLink";
import type { RunModel } from "../core/runs/runModel";
import type { Run } from "../shared/run";
import type { RunActions } from "./runActions";

/** Stores are still being read when a link starts the window. */
const waitForRunsMs = 20_000;
const lookEveryMs = 200;

/** Links from outside the editor: they show a run or the charts, or end a sign-in that waits, and can do nothing else. */
export class Links extends Owner implements vscode.UriHandler {
	constructor(
		private readonly model: RunModel,
		private readonly actions: RunActions,
		/** Takes the query of a charts link whose runs are known. */
		private readonly openChartsLink: (query: string) => Promise<void>,
		/** Stores are still being looked for. */
		private readonly isSearching: () => boolean,
		/** Takes the query of a link that comes back from a sign-in. */
		private readonly takeCallback: (query: string) => void,
	) {
		super();
		this.own(vscode.window.registerUriHandler(this));
	}

	async handleUri(uri: vscode.Uri): Promise<void> {
		if (uri.path === callbackPath) {
			this.takeCallback(uri.query);
			return;
		}
		const link = parseGammaLink(uri.path, uri.query);
		if (link === null) {
			void vscode.window.showWarningMessage(
				vscode.l10n.t("This link to Gamma is not understood. It may be from a newer version."),
			);
			return;
		}
		const ids = link.kind === "run" ? [link.runId] : link.runIds;
		const runs = await this.#runs(ids);
		const [first] = runs;
		if (!first) {
			void vscode.window.showWarningMessage(
				vscode.l10n.t("The run of this link is in none of the open stores. Open its folder first."),
			);
			return;
		}
		if (link.kind === "run") this.actions.openRun(first.key);
		else {
			const view = link.view === null ? [] : [`view=${encodeURIComponent(link.view)}`];
			await this.openChartsLink([...runs.map((run) => `run=${encodeURIComponent(run.key)}`), ...view].join("&"));
		}
	}

	/** The runs with these ids, as soon as all are there, else those that are after a while. */
	#runs(ids: readonly string[]): Promise<readonly Run[]> {
		const find = () => {
			const wanted = new Set(ids);
			return [...this.model.snapshot.runs.values()].filter((run) => wanted.has(run.id) || wanted.has(run.key));
		};
		const isSettled = () =>
			find().length >= new Set(ids).size ||
			!(this.isSearching() || this.model.snapshot.stores.some(({ state }) => state.kind === "reading"));
		if (isSettled()) return Promise.resolve(find());
		const latestMs = Date.now() + waitForRunsMs;
		return new Promise((resolve) => {
			const looking = this.own(
				new Ticker(lookEveryMs, () => {
					if (!isSettled() && Date.now() < latestMs) return;
					looking.dispose();
					resolve(find());
				}),
			);
		});
	}
}

class Ticker implements Disposable {
	readonly #timer: ReturnType<typeof setInterval>;

	constructor(everyMs: number, run: () => void) {
		this.#timer = setInterval(run, everyMs);
	}

	dispose(): void {
		clearInterval(this.#timer);
	}
}
