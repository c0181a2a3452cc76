import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { Insight } from "../../core/insights/insight";
import { InsightWatch, type RuleFiring } from "../../core/insights/insightWatch";
import { parseWatchRule, type WatchRule } from "../../core/insights/watchRule";
import { toNoticeText } from "../../core/plainText";
import type { Mention } from "../../shared/agent/conversation";
import { toFailure } from "../../shared/errors";
import { onDidChangeSettings, readSetting } from "../settings";
import type { InsightPorts } from "./insightPorts";
import { type InsightRow, InsightsTree } from "./insightsTree";

/** Steps before and after, that the agent is shown. */
const around = 200;
const keptFirings = 100;

/** A file of its own (dist/insights.cjs): watches runs that go on, tells what it finds, and does what rules say. */
export class Insights extends Owner {
	#rules: readonly { readonly text: string; readonly rule: WatchRule | null; readonly problem: string | null }[] = [];
	#firings: readonly RuleFiring[] = [];
	readonly #watch: InsightWatch;
	readonly tree: InsightsTree;

	constructor(
		private readonly ports: InsightPorts,
		private readonly selection: () => readonly InsightRow[],
	) {
		super();
		this.#readRules();
		this.#watch = this.own(
			new InsightWatch({
				model: ports.model,
				history: (run, metric, signal) => ports.library.history(run, metric, signal),
				rules: () => this.#rules.flatMap(({ rule }) => rule ?? []),
				nowMs: Date.now,
				logger: ports.logger,
			}),
		);
		this.tree = this.own(
			new InsightsTree({
				watch: this.#watch,
				model: ports.model,
				rules: () => this.#rules,
				firings: () => this.#firings,
			}),
		);
		this.own(this.#watch.onDidFind((insight) => void this.#tell(insight)));
		this.own(this.#watch.onDidFire((firing) => void this.#act(firing)));
		this.own(
			onDidChangeSettings(["watch.rules"], () => {
				this.#readRules();
				this.tree.redraw();
			}),
		);
	}

	commands() {
		const given = (row: unknown): InsightRow | undefined => {
			const id = typeof row === "object" && row !== null && "id" in row ? row.id : this.selection()[0]?.id;
			return this.tree.getChildren().find((known) => known.id === id);
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
				if (found?.kind === "insight") this.ports.openRun(found.insight.run);
			},
			explainInsight: async (row: unknown) => {
				const found = given(row);
				if (found?.kind === "insight") await this.#explain(found.insight.run, found.insight);
			},
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

	/** Only what is bad interrupts; the rest is a row. */
	async #tell(insight: Insight): Promise<void> {
		if (insight.severity !== "bad" || !readSetting("watch.notices")) return;
		await this.#notice(insight.run, insight.sentence, insight);
	}

	async #act(firing: RuleFiring): Promise<void> {
		this.#firings = [...this.#firings, firing].slice(-keptFirings);
		this.tree.redraw();
		const run = this.ports.model.snapshot.runs.get(firing.run);
		if (!run) return;
		switch (firing.rule.action) {
			case "notice":
				return this.#notice(firing.run, firing.sentence, firing);
			case "wake":
				return this.#explain(firing.run, firing);
			case "stop": {
				const isStopped = await this.ports.stopRun(run).catch((error: unknown) => {
					this.ports.logger.warn("a rule could not stop a training", { reason: toFailure(error).message });
					return false;
				});
				const sentence = isStopped
					? vscode.l10n.t("{0} It is stopped, as the rule says.", firing.sentence)
					: vscode.l10n.t(
							"{0} The rule says stop, and nobody here can: no relay manages this training.",
							firing.sentence,
						);
				return this.#notice(firing.run, sentence, firing);
			}
		}
	}

	async #notice(
		key: string,
		sentence: string,
		about: { readonly step: number | null; readonly sentence: string },
	): Promise<void> {
		const name = this.ports.model.snapshot.runs.get(key)?.name ?? "";
		const [open, explain] = [vscode.l10n.t("Open Run"), vscode.l10n.t("Explain")];
		const chosen = await vscode.window.showWarningMessage(toNoticeText(`${name}: ${sentence}`), open, explain);
		if (chosen === open) this.ports.openRun(key);
		if (chosen === explain) await this.#explain(key, about);
	}

	/** Asks the agent, with the window around the step. */
	async #explain(
		key: string,
		{
			step,
			sentence,
			metric = null,
		}: { readonly step: number | null; readonly sentence: string; readonly metric?: string | null },
	): Promise<void> {
		const name = this.ports.model.snapshot.runs.get(key)?.name ?? "";
		const mentions: Mention[] = [{ kind: "run", key, name }];
		if (metric !== null && step !== null) {
			mentions.push({ kind: "metric", metric, runKey: key, fromStep: step - around, toStep: step + around });
		}
		await vscode.commands.executeCommand(commandId("openAgent"));
		await this.ports.ask({ text: vscode.l10n.t("Why? {0}", sentence), mentions, images: [] });
	}
}

async function askRule(value: string): Promise<string | undefined> {
	const text = await vscode.window.showInputBox({
		title: vscode.l10n.t("Watch Rule"),
		prompt: vscode.l10n.t(
			"Such as val/loss > 1.2 for 5 min, or loss is nan then stop (or then wake: the agent looks).",
		),
		value,
		validateInput: (written) => {
			try {
				parseWatchRule(written);
				return null;
			} catch (error) {
				return toFailure(error).message;
			}
		},
	});
	return text?.trim();
}

async function saveRules(rules: readonly string[]): Promise<void> {
	const unique = [...new Set(rules)];
	await vscode.workspace
		.getConfiguration("gamma")
		.update("watch.rules", unique.length === 0 ? undefined : unique, vscode.ConfigurationTarget.Global);
}
