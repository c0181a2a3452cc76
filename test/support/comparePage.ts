import type { Browser } from "playwright-core";
import type { CodeSources } from "../../src/core/compare/codeComparison";
import { CompareModel } from "../../src/core/compare/compareModel";
import { compareCalls } from "../../src/shared/panels/comparePanel";
import type { Run, RunKey } from "../../src/shared/run";
import { compareHandlers } from "../../src/ui/panels/compareHandlers";
import { memorySources } from "./memoryLibrary";
import { openPanelPage, type Theme } from "./panelPage";

/** The comparison's own bundle with its own host, over runs in memory. Actions of other panels are written down. */
export async function openComparison(options: {
	browser: Browser;
	runs: readonly Run[];
	/** What is compared; every run when absent, nothing (as after a reload) when null. */
	keys?: readonly RunKey[] | null;
	code?: Partial<CodeSources>;
	histories?: Readonly<Record<string, readonly number[]>>;
	metric?: string;
	theme?: Theme;
	width?: number;
	height?: number;
	kept?: unknown;
}) {
	const sources = memorySources();
	sources.library.put(options.runs);
	for (const [key, values] of Object.entries(options.histories ?? {})) {
		sources.library.setHistory(key, options.metric ?? "val/acc", values);
	}
	const code: CodeSources = { changedFiles: async () => null, hasUncommittedDiff: async () => false, ...options.code };
	const model = new CompareModel(sources, code, () => 1_700_000_400_000);
	if (options.keys !== null) model.setKeys(options.keys ?? options.runs.map((run) => run.key));
	const acted: string[] = [];
	const act = (name: string) => (keys?: RunKey | readonly RunKey[]) => {
		acted.push(`${name} ${[keys ?? []].flat().join(" ")}`.trim());
	};
	const handlers = compareHandlers(() => model, {
		openRun: act("open"),
		openCharts: act("charts"),
		openTable: act("table"),
		askWhy: (base, other) => act("why")([base, other]),
		openCodeDiff: async (base, other) => act("code")([base, other]),
		openCommit: async (key) => act("commit")(key),
		openUncommittedDiff: async (key) => act("uncommitted")(key),
	});
	const panel = await openPanelPage({
		...options,
		panel: "compare",
		calls: compareCalls,
		handlers,
		state: model.state(),
	});
	let timer: ReturnType<typeof setTimeout> | undefined;
	const show = () => {
		timer ??= setTimeout(() => {
			timer = undefined;
			void panel.show(model.state()).catch(() => {});
		}, 100);
	};
	const listening = model.onDidChange(show);
	show();
	return {
		...panel,
		...sources,
		sheet: model,
		acted,
		close: async () => {
			listening.dispose();
			clearTimeout(timer);
			model.dispose();
			await panel.close();
		},
	};
}
