import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import type { Handlers } from "../../shared/call";
import { toChartsLinkQuery } from "../../shared/panels/chartsLink";
import { type ChartsState, chartsCalls } from "../../shared/panels/chartsPanel";
import { type ChartsView, searchOf } from "../../shared/panels/chartsView";
import type { RunKey, Series } from "../../shared/run";
import { ChartsSnapshot } from "./chartsSnapshot";
import { metricCsv, metricsCsv } from "./csvParts";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";
import { policySteps } from "./policySteps";
import { writeParts } from "./writeParts";

/** The charts in an editor tab. */
export class ChartsPanel extends Panel<typeof chartsCalls, ChartsState> {
	readonly #snapshot: ChartsSnapshot;

	constructor(
		panel: vscode.WebviewPanel,
		private readonly deps: PanelDeps,
		private readonly wanted: () => ChartsState["wanted"],
	) {
		super(panel, { viewType: "gamma.charts", script: "charts", calls: chartsCalls }, deps.extensionUri, deps.logger);
		this.#snapshot = new ChartsSnapshot(deps.model, deps.choices);
		this.own(
			deps.model.onDidChange((change) => {
				// Without charted runs the empty page counts all runs, so any change may matter to it.
				if (this.#snapshot.apply(change) || deps.choices.snapshot.checked.length === 0) this.invalidate();
			}),
		);
		this.own(deps.choices.onDidChange(() => this.invalidate()));
	}

	refresh(): void {
		this.invalidate();
	}

	protected state(): ChartsState {
		return this.#snapshot.state(Date.now(), this.wanted());
	}

	protected handlers(): Handlers<typeof chartsCalls> {
		return {
			chart: (query, signal) => this.deps.library.chart(query, signal),
			values: () => this.#snapshot.values(),
			save: ({ name, format, content }) => this.#save(name, format, content),
			exportCsv: ({ metric }) => this.#exportCsv(metric),
			exportAllCsv: ({ metrics }) => this.#exportAllCsv(metrics),
			checkNewest: ({ count }) => this.deps.choices.setChecked(this.#snapshot.newestKeys(count), true),
			uncheck: ({ key }) => this.deps.choices.setChecked([key], false),
			baseline: ({ key }) => this.deps.choices.update({ baseline: key }),
			openRun: ({ key }) => this.deps.actions.openRun(key),
			policySteps: ({ key }, signal) => policySteps(this.deps.library, key, signal),
			openPolicy: async ({ key, step }) => {
				await vscode.commands.executeCommand("gamma.openPolicyAtStep", { runKey: key, step });
			},
			showRuns: async () => {
				await vscode.commands.executeCommand("gamma.runs.focus");
			},
			askAbout: async (asked) => {
				await vscode.commands.executeCommand(commandId("askAboutMetric"), asked);
			},
			copyLink: ({ view, metric }) => this.#copyLink(metric === null ? view : { ...view, search: searchOf(metric) }),
		};
	}

	async #save(name: string, format: "png" | "svg" | "csv", content: string): Promise<boolean> {
		const target = await askWhere(name, format);
		if (!target) return false;
		await vscode.workspace.fs.writeFile(target, Buffer.from(content, format === "png" ? "base64" : "utf8"));
		return true;
	}

	async #exportCsv(metric: string): Promise<boolean> {
		return this.#writeCsv(metric, metric, (read) => metricCsv(metric, this.#snapshot.checkedRuns(), read));
	}

	async #exportAllCsv(metrics: readonly string[]): Promise<boolean> {
		const title = vscode.l10n.t("{0} metrics", metrics.length);
		return this.#writeCsv("charts", title, (read, progress) => {
			const increment = 100 / metrics.length;
			return metricsCsv(metrics, this.#snapshot.checkedRuns(), read, (message) =>
				progress.report({ message, increment }),
			);
		});
	}

	/** Not bound to the call's own time limit: the person may take a minute over the dialog, and long histories theirs. */
	async #writeCsv(
		name: string,
		title: string,
		parts: (
			read: (key: RunKey, metric: string) => Promise<Series>,
			progress: vscode.Progress<{ message: string; increment: number }>,
		) => AsyncIterable<string>,
	): Promise<boolean> {
		const target = await askWhere(name, "csv");
		if (!target) return false;
		await vscode.window.withProgress(
			{
				location: vscode.ProgressLocation.Notification,
				title: vscode.l10n.t("Writing {0}", title),
				cancellable: true,
			},
			(progress, token) => {
				const controller = new AbortController();
				token.onCancellationRequested(() => controller.abort());
				const read = (key: RunKey, metric: string) => this.deps.library.history(key, metric, controller.signal);
				return writeParts(target, parts(read, progress));
			},
		);
		return true;
	}

	async #copyLink(view: ChartsView): Promise<void> {
		const query = toChartsLinkQuery({ runs: this.deps.choices.snapshot.checked, view });
		await vscode.env.clipboard.writeText(`${vscode.env.uriScheme}://gamma-ml.gamma/charts?${query}`);
	}
}

/** Letters, digits, dots and dashes: a metric's name may hold anything, a file's name may not. */
function askWhere(name: string, format: string): Thenable<vscode.Uri | undefined> {
	const fileName = `${name.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[.-]+/, "") || "chart"}.${format}`;
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	return vscode.window.showSaveDialog({
		filters: { [format.toUpperCase()]: [format] },
		...(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName) } : {}),
	});
}
