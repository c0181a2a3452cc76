import type { Browser } from "playwright-core";
import type { RunChoicesState } from "../../src/core/runs/runChoices";
import { TableModel } from "../../src/core/table/tableModel";
import { tableCalls } from "../../src/shared/panels/tablePanel";
import type { Run, RunKey } from "../../src/shared/run";
import { tableHandlers } from "../../src/ui/panels/tableHandlers";
import { memorySources } from "./memoryLibrary";
import { openPanelPage, type Theme } from "./panelPage";

/** The table's own bundle with its own host, over runs in memory. Actions of other panels are written down. */
export async function openTable(options: {
	browser: Browser;
	runs: readonly Run[];
	choices?: Partial<RunChoicesState>;
	theme?: Theme;
	width?: number;
	height?: number;
	kept?: unknown;
	nowMs?: number;
}) {
	const sources = memorySources();
	sources.library.put(options.runs);
	if (options.choices) sources.choices.update(options.choices);
	const model = new TableModel(sources, () => options.nowMs ?? 1_700_000_400_000);
	const acted: string[] = [];
	const act = (name: string) => (keys?: RunKey | readonly RunKey[]) => {
		acted.push(`${name} ${[keys ?? []].flat().join(" ")}`.trim());
	};
	const handlers = tableHandlers(
		() => model,
		{
			openRun: act("open"),
			openCharts: act("charts"),
			compare: act("compare"),
			askWhy: (base, other) => act("why")([base, other]),
		},
		() => acted.push("settings"),
	);
	const panel = await openPanelPage({ ...options, panel: "table", calls: tableCalls, handlers, state: model.state() });
	// As the host's panel does: whole states, at most every 100 ms.
	let timer: ReturnType<typeof setTimeout> | undefined;
	const listening = model.onDidChange(() => {
		timer ??= setTimeout(() => {
			timer = undefined;
			void panel.show(model.state()).catch(() => {});
		}, 100);
	});
	return {
		...panel,
		...sources,
		table: model,
		acted,
		close: async () => {
			listening.dispose();
			clearTimeout(timer);
			model.dispose();
			await panel.close();
		},
	};
}
