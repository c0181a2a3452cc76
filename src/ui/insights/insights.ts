import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Insight, Watched } from "../../core/insights/insight";
import { InsightWatch, type RuleFiring } from "../../core/insights/insightWatch";
import { LogWatch } from "../../core/insights/logWatch";
import { relayLogs, runLogs } from "../../core/insights/watchedLogs";
import { parseWatchRule, type WatchRule } from "../../core/insights/watchRule";
import { readCheckpoints } from "../../core/jobs/readCheckpoints";
import { toLine, toNoticeText } from "../../core/plainText";
import { seedSiblings } from "../../core/why/seedSpread";
import { toFailure } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { onDidChangeSettings, readSetting } from "../settings";
import { askAgent, type Noticed } from "./askAgent";
import type { InsightPorts } from "./insightPorts";
import { type InsightRow, InsightsTree } from "./insightsTree";
import { askRule, saveRules } from "./ruleEntry";
import { ToldRules } from "./toldRules";

const keptFirings = 100;

/** A file of its own (dist/insights.cjs): watches runs and jobs that go on, tells what it finds, and does what rules say. */
export class Insights extends Owner {
	#rules: readonly { readonly text: string; readonly rule: WatchRule | null; readonly problem: string | null }[] = [];
	#firings: readonly RuleFiring[] = [];
	readonly #watch: InsightWatch;
	/** Runs of this machine whose logs were watched while they went on. */
	readonly #logged = new Set<string>();
	readonly #logsChanged = this.own(new Emitter<void>());
	readonly tree: InsightsTree;

	constructor(
		private readonly ports: InsightPorts,
		private readonly selection: () => readonly InsightRow[],
	) {
		super();
		this.#readRules();
		const { model, jobs, library, logger } = ports;
		const rules = () => this.#rules.flatMap(({ rule }) => rule ?? []);
		this.#watch = this.own(
			new InsightWatch({
				...{ model, jobs, rules, logger, nowMs: Date.now },
				history: (run, metric, signal) => library.history(run, metric, signal),
				checkpointsMs: async (run, signal) =>
					(await readCheckpoints(library, run, signal)).flatMap(({ timestampMs }) => timestampMs ?? []),
				baseline: () => this.#baseline(),
			}),
		);
		this.tree = this.own(
			new InsightsTree({
				...{ watch: this.#watch, model, jobs },
				rules: () => this.#rules,
				firings: () => this.#firings,
			}),
		);
		this.own(this.#watch.onDidFind((insight) => void this.#tell(insight)));
		this.own(this.#watch.onDidFire((firing) => void this.#act(firing)));
		const logs = this.own(
			new LogWatch({
				...{ rules, logger, logs: () => this.#logs(), onDidChange: this.#logsChanged.event },
				told: new ToldRules(ports.memory),
			}),
		);
		this.own(logs.onDidFire((firing) => void this.#act(firing)));
		this.own(model.onDidChange(() => this.#logsChanged.fire()));
		this.own(jobs.onDidChange(() => this.#logsChanged.fire()));
		this.own(
			onDidChangeSettings(["watch.rules"], () => {
				this.#readRules();
				this.tree.redraw();
				this.#logsChanged.fire();
			}),
		);
	}

	commands() {
		const given = (row: unknown): InsightRow | undefined => {
			const id = typeof row === "object" && row !== null && "id" in row ? row.id : this.selection()[0]?.id;
			return this.tree.getChildren().find((known) => known.id === id);
		};
		const ask = (intent: "explain" | "fix") => async (row: unknown) => {
			const found = given(row);
			if (found?.kind === "insight") await askAgent(intent, noticedOf(found.insight), this.ports);
		};
		return {
			addWatchRule: async () => {
				const text = await askRule("");
				if (text !== undefined) await saveRules([...readSetting("watch.rules"), text]);
			},
			editWatchRule: async (row: unknown) => {
				const found = given(row);
				const text = found?.kind === "rule" ? await askRule(found.text) : undefined;
				if (found?.kind !== "rule" || text === undefined) return;
				await saveRules(readSetting("watch.rules").map((rule) => (rule === found.text ? text : rule)));
			},
			removeWatchRule: async (row: unknown) => {
				const found = given(row);
				if (found?.kind !== "rule") return;
				const before = readSetting("watch.rules");
				await saveRules(before.filter((rule) => rule !== found.text));
				const undo = vscode.l10n.t("Undo");
				const text = vscode.l10n.t("“{0}” is not watched any more.", toNoticeText(found.text));
				if ((await vscode.window.showInformationMessage(text, undo)) === undo) await saveRules(before);
			},
			openInsight: (row: unknown) => {
				const found = given(row);
				if (found?.kind === "insight") this.#open(found.insight);
			},
			explainInsight: ask("explain"),
			fixInsight: ask("fix"),
		};
	}

	#readRules(): void {
		this.#rules = [...new Set(readSetting("watch.rules"))].map((text) => {
			try {
				return { text, rule: parseWatchRule(text), problem: null };
			} catch (error) {
				return { text, rule: null, problem: toFailure(error).message };
			}
		});
	}

	#baseline(): readonly Run[] {
		const { runs } = this.ports.model.snapshot;
		const baseline = runs.get(this.ports.choices.snapshot.baseline ?? "");
		return baseline ? seedSiblings(baseline, runs.values()) : [];
	}

	/** A relay's jobs by its stream; runs in folders here by their files. */
	#logs() {
		const { model, jobs, relay, library, runsOf, jobOf } = this.ports;
		const { runs, stores } = model.snapshot;
		const source = relay();
		const folders = new Set(stores.filter(({ kind }) => kind === "mlflow-folder").map(({ id }) => id));
		const isOwn = (run: Run) => folders.has(run.storeId) && jobOf(run)?.source !== "relay";
		const ofRuns = runLogs(runs.values(), library, isOwn, this.#logged);
		for (const { of, isOver } of ofRuns) {
			if (of.run === null) continue;
			if (isOver) this.#logged.delete(of.run);
			else this.#logged.add(of.run);
		}
		return [...(source ? relayLogs(jobs.snapshot, source, ({ job }) => runsOf(job.id)) : []), ...ofRuns];
	}

	/** Only what is bad interrupts; the rest is a row. */
	async #tell(insight: Insight): Promise<void> {
		if (insight.severity !== "bad" || !readSetting("watch.notices")) return;
		await this.#notice(noticedOf(insight));
	}

	async #act(firing: RuleFiring): Promise<void> {
		this.#firings = [...this.#firings, firing].slice(-keptFirings);
		this.tree.redraw();
		const { when, action } = firing.rule;
		const metric = when.kind === "log" ? null : when.metric;
		const { sentence, step } = firing;
		const noticed: Noticed = { of: firing, sentence, step, metric, isOfLog: when.kind === "log" };
		switch (action) {
			case "notice":
				return this.#notice(noticed);
			case "wake":
				return askAgent("explain", noticed, this.ports);
			case "stop": {
				const isStopped = await this.#stop(firing).catch((error: unknown) => {
					this.ports.logger.warn("a rule could not stop a training", { reason: toFailure(error).message });
					return false;
				});
				const said = isStopped
					? vscode.l10n.t("{0} It is stopped, as the rule says.", sentence)
					: vscode.l10n.t("{0} The rule says stop, and nobody here can: no relay manages this training.", sentence);
				return this.#notice({ ...noticed, sentence: said });
			}
		}
	}

	/** False where nobody manages it. */
	async #stop({ run: key, jobId }: Watched): Promise<boolean> {
		const { relay, jobs, jobOf, model } = this.ports;
		const run = key === null ? undefined : model.snapshot.runs.get(key);
		const tracked = jobId === null ? run && jobOf(run) : jobs.snapshot.jobs.get(jobId);
		const source = relay();
		if (tracked?.source !== "relay" || !source) return false;
		await source.stop(tracked.job.id);
		return true;
	}

	async #notice(noticed: Noticed): Promise<void> {
		const { of, sentence } = noticed;
		const open = of.run === null ? vscode.l10n.t("Open Job") : vscode.l10n.t("Open Run");
		const [explain, fix] = [vscode.l10n.t("Explain"), vscode.l10n.t("Fix")];
		const text = toNoticeText(`${this.#nameOf(of)}: ${sentence}`, 500);
		const chosen = await vscode.window.showWarningMessage(text, open, explain, fix);
		if (chosen === open) this.#open(of);
		if (chosen === explain) await askAgent("explain", noticed, this.ports);
		if (chosen === fix) await askAgent("fix", noticed, this.ports);
	}

	#open({ run, jobId }: Watched): void {
		if (run !== null) this.ports.openRun(run);
		else this.ports.openJob(jobId);
	}

	#nameOf({ run, jobId }: Watched): string {
		const { model, jobs } = this.ports;
		if (run !== null) return model.snapshot.runs.get(run)?.name ?? "";
		return toLine(jobs.snapshot.jobs.get(jobId)?.job.message ?? "", 80);
	}
}

function noticedOf(insight: Insight): Noticed {
	const { sentence, metric, step } = insight;
	return { of: insight, sentence, metric, step, isOfLog: false };
}
