import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { Insight } from "../../core/insights/insight";
import type { InsightWatch, RuleFiring } from "../../core/insights/insightWatch";
import type { JobSource } from "../../core/jobs/trackedJob";
import { toIconFreeText, toLine } from "../../core/plainText";
import type { RunModel } from "../../core/runs/runModel";

export type InsightRow =
	| { readonly kind: "rule"; readonly id: string; readonly text: string }
	| { readonly kind: "insight"; readonly id: string; readonly insight: Insight };

export interface InsightsTreeParts {
	readonly watch: InsightWatch;
	readonly model: Pick<RunModel, "snapshot">;
	readonly jobs: Pick<JobSource, "snapshot">;
	/** As they are written, those that cannot be read among them. */
	readonly rules: () => readonly { readonly text: string; readonly problem: string | null }[];
	readonly firings: () => readonly RuleFiring[];
}

/** What was found in runs that go on, the bad first, then the rules that are watched. */
export class InsightsTree extends Owner implements vscode.TreeDataProvider<InsightRow> {
	readonly #changed = this.own(new vscode.EventEmitter<undefined>());
	readonly onDidChangeTreeData = this.#changed.event;

	constructor(private readonly parts: InsightsTreeParts) {
		super();
		this.own(parts.watch.onDidChange(() => this.redraw()));
	}

	redraw(): void {
		this.#changed.fire(undefined);
	}

	getChildren(row?: InsightRow): InsightRow[] {
		if (row) return [];
		const insights = [...this.parts.watch.insights.values()].flat();
		const ordered = [...insights].sort((a, b) => Number(b.severity === "bad") - Number(a.severity === "bad"));
		return [
			...ordered.map(
				(insight): InsightRow => ({
					kind: "insight",
					id: `insight:${insight.run ?? insight.jobId}:${insight.kind}:${insight.metric ?? ""}`,
					insight,
				}),
			),
			...this.parts.rules().map(({ text }): InsightRow => ({ kind: "rule", id: `rule:${text}`, text })),
		];
	}

	getTreeItem(row: InsightRow): vscode.TreeItem {
		return row.kind === "insight" ? this.#insightItem(row.id, row.insight) : this.#ruleItem(row.id, row.text);
	}

	#insightItem(id: string, insight: Insight): vscode.TreeItem {
		const { model, jobs } = this.parts;
		const name =
			insight.run === null
				? (jobs.snapshot.jobs.get(insight.jobId)?.job.message ?? "")
				: (model.snapshot.runs.get(insight.run)?.name ?? "");
		const item = new vscode.TreeItem(toIconFreeText(toLine(insight.sentence, 300)));
		item.id = id;
		item.description = toLine(name, 100);
		item.tooltip = `${insight.sentence}\n${name}`;
		item.iconPath =
			insight.severity === "bad"
				? new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"))
				: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
		item.contextValue = "insight";
		item.command = { command: commandId("openInsight"), title: vscode.l10n.t("Open"), arguments: [{ id }] };
		item.accessibilityInformation = { label: `${toLine(name, 100)}: ${insight.sentence}` };
		return item;
	}

	#ruleItem(id: string, text: string): vscode.TreeItem {
		const problem = this.parts.rules().find((rule) => rule.text === text)?.problem ?? null;
		const fired = this.parts.firings().filter(({ rule }) => rule.text === text);
		const item = new vscode.TreeItem(toIconFreeText(toLine(text, 300)));
		item.id = id;
		const state =
			problem ?? (fired.length === 0 ? vscode.l10n.t("watched") : vscode.l10n.t("came true: {0}", fired.length));
		item.description = state;
		item.accessibilityInformation = { label: `${text}, ${state}` };
		item.tooltip = [text, problem, ...fired.slice(-5).map(({ sentence }) => sentence)].filter(Boolean).join("\n");
		item.iconPath = new vscode.ThemeIcon(problem ? "warning" : fired.length > 0 ? "bell-dot" : "bell");
		item.contextValue = "rule";
		return item;
	}
}
