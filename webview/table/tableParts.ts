import { html, nothing, type TemplateResult } from "lit";
import type { TableState, tableCalls } from "../../src/shared/panels/tablePanel";
import type { Host } from "../common/host";

/** The parts around the grid that only show the state and ask the host. */

const count = (value: number, word: string) => `${value.toLocaleString("en")} ${word}${value === 1 ? "" : "s"}`;

/** Everything that narrows or orders the list, each removable by itself. */
export function chipsTemplate(
	state: TableState,
	host: Host<typeof tableCalls>,
	editFilter: (text: string) => void,
): TemplateResult | typeof nothing {
	const sorts = state.sorts.map(({ column, descending }) => ({ column, descending }));
	const chips = [
		...state.filters.map((filter) =>
			chip({
				label: filter.text,
				icon: filter.problem === null ? "filter" : "warning",
				title: filter.problem === null ? "Change this filter" : `Not applied. ${filter.problem}`,
				isWrong: filter.problem !== null,
				remove: `Remove the filter ${filter.text}`,
				onClick: () => {
					void host.call("removeFilter", { text: filter.text });
					editFilter(filter.text);
				},
				onRemove: () => void host.call("removeFilter", { text: filter.text }),
			}),
		),
		...state.sorts.map((sort) =>
			chip({
				label: sort.label,
				icon: sort.descending ? "arrow-down" : "arrow-up",
				title: `Sorted by ${sort.label}, ${sort.descending ? "greatest" : "least"} first. Click turns it round.`,
				isWrong: false,
				remove: `Do not sort by ${sort.label}`,
				onClick: () =>
					void host.call("setSorts", {
						sorts: sorts.map((other) =>
							other.column === sort.column ? { ...other, descending: !other.descending } : other,
						),
					}),
				onRemove: () => void host.call("removeSort", { column: sort.column }),
			}),
		),
		...(state.arrangement === "seeds" ? [arrangementChip("seeds as mean ± std", host)] : []),
		...(state.arrangement === "nested" ? [arrangementChip("children under parents", host)] : []),
		...(state.showDeleted
			? [
					chip({
						label: "deleted runs too",
						icon: "trash",
						title: "Deleted runs are shown",
						isWrong: false,
						remove: "Hide deleted runs",
						onRemove: () => void host.call("setShowDeleted", { showDeleted: false }),
					}),
				]
			: []),
		...(state.baseline
			? [
					chip({
						label: `baseline ${state.baseline.name}`,
						icon: "star-full",
						title: "Changes are counted from this run",
						isWrong: false,
						remove: "No baseline",
						onRemove: () => void host.call("setBaseline", { key: null }),
					}),
				]
			: []),
	];
	return chips.length === 0
		? nothing
		: html`<div class="chips" role="list" aria-label="Filters and sorts">${chips}</div>`;
}

function arrangementChip(label: string, host: Host<typeof tableCalls>): TemplateResult {
	return chip({
		label,
		icon: "list-tree",
		title: "How rows are grouped",
		isWrong: false,
		remove: "Every run a row",
		onRemove: () => void host.call("arrange", { arrangement: "flat" }),
	});
}

interface Chip {
	readonly label: string;
	readonly icon: string;
	readonly title: string;
	readonly isWrong: boolean;
	readonly remove: string;
	readonly onClick?: () => void;
	readonly onRemove: () => void;
}

function chip({ label, icon, title, isWrong, remove, onClick, onRemove }: Chip): TemplateResult {
	const content = html`<span class="codicon codicon-${icon}" aria-hidden="true"></span><span class="words">${label}</span>`;
	return html`<span class="chip ${isWrong ? "wrong" : ""}" role="listitem">
		${
			onClick
				? html`<button type="button" title=${title} @click=${onClick}>${content}</button>`
				: html`<span title=${title}>${content}</span>`
		}
		<button type="button" aria-label=${remove} title=${remove} @click=${onRemove}><span class="codicon codicon-close" aria-hidden="true"></span></button>
	</span>`;
}

/** "3 new runs": the list does not move until it is asked to, nor does this line move it. */
export function newsTemplate(state: TableState, onTakeIn: () => void): TemplateResult | typeof nothing {
	if (!state.waiting) return nothing;
	const { newRuns } = state.waiting;
	const text = newRuns > 0 ? `${count(newRuns, "new run")}: show` : "The order has changed: sort again";
	return html`<button class="news" type="button" @click=${onTakeIn}><span class="codicon codicon-arrow-up" aria-hidden="true"></span>${text}</button>`;
}

/** How much is on screen; and for selected rows what can be done with how many of them. */
export function footTemplate(
	state: TableState,
	selected: { readonly rows: number; readonly runs: number | null },
	act: (action: "charts" | "compare" | "ids" | "csv" | "markdown" | "clear") => void,
	news: unknown,
): TemplateResult {
	return html`<footer class="foot">${news}${selected.rows === 0 ? totals(state) : bulk(selected, act)}</footer>`;
}

function totals(state: TableState): TemplateResult {
	const all = state.matchingRuns === state.totalRuns;
	const runs = all
		? count(state.totalRuns, "run")
		: `${state.matchingRuns.toLocaleString("en")} of ${count(state.totalRuns, "run")}`;
	return html`<span role="status">${runs}</span>
		${state.checkedRuns > 0 ? html`<span class="faint">· ${state.checkedRuns.toLocaleString("en")} on the charts</span>` : nothing}
		${state.historiesToRead > 0 ? html`<span class="faint">· ${count(state.historiesToRead, "history").replace("historys", "histories")} to read before the order is right</span>` : nothing}
		${state.isReading ? html`<span class="faint"><span class="codicon codicon-sync codicon-modifier-spin" aria-hidden="true"></span> reading</span>` : nothing}`;
}

/** Fewer compare nothing, more do not fit a sheet anyone reads. */
const comparable = { least: 2, most: 50 } as const;

function bulk(
	selected: { readonly rows: number; readonly runs: number | null },
	act: (action: "charts" | "compare" | "ids" | "csv" | "markdown" | "clear") => void,
): TemplateResult {
	const runs = selected.runs ?? selected.rows;
	const canCompare = runs >= comparable.least && runs <= comparable.most;
	const whyNot = runs < comparable.least ? "Select two runs or more" : `At most ${comparable.most} runs side by side`;
	const button = (action: Parameters<typeof act>[0], icon: string, label: string, number: string, title: string) =>
		html`<button class="icon-button" type="button" title=${title} ?disabled=${action === "compare" && !canCompare}
			@click=${() => act(action)}><span class="codicon codicon-${icon}" aria-hidden="true"></span>${label} ${number}</button>`;
	const many = runs.toLocaleString("en");
	return html`<span role="status">${count(selected.rows, "row")} selected</span>
		${button("charts", "graph-line", "Charts", many, `Show ${count(runs, "run")} on the charts`)}
		${button("compare", "diff", "Compare", many, canCompare ? `Compare ${count(runs, "run")} (c)` : whyNot)}
		${button("ids", "copy", "IDs", many, `Copy ${count(runs, "run id")}`)}
		${button("csv", "copy", "CSV", selected.rows.toLocaleString("en"), `Copy ${count(selected.rows, "row")} as CSV (Ctrl+C)`)}
		${button("markdown", "copy", "Markdown", selected.rows.toLocaleString("en"), `Copy ${count(selected.rows, "row")} as a Markdown table`)}
		<span class="spacer"></span>
		<button class="icon-button" type="button" title="Select nothing (Escape)" aria-label="Select nothing" @click=${() => act("clear")}><span class="codicon codicon-close" aria-hidden="true"></span></button>`;
}

/** What stands where the rows would be: one sentence, one remedy. */
export function emptyTemplate(state: TableState, host: Host<typeof tableCalls>): TemplateResult | typeof nothing {
	const { emptiness } = state;
	if (emptiness === null) return nothing;
	const page = (
		text: string,
		label?: string,
		run?: () => void,
	) => html`<div class="empty" role="status"><span>${text}</span>
		${label === undefined ? nothing : html`<button class="text-button primary" type="button" @click=${run}>${label}</button>`}</div>`;
	switch (emptiness.kind) {
		case "no-store":
			return page(
				"No runs were found in this folder. Name a store, a folder, file or server, in the settings.",
				"Open Settings",
				() => void host.call("openSettings", undefined),
			);
		case "reading":
			return html`<div class="empty" role="status"><span><span class="codicon codicon-sync codicon-modifier-spin" aria-hidden="true"></span> Reading ${emptiness.stores}…</span></div>`;
		case "failed":
			return page(
				`${emptiness.store} could not be read. ${emptiness.message}`,
				"Try Again",
				() => void host.call("refresh", undefined),
			);
		case "no-run":
			return page(
				"No run has been logged yet. It appears here as soon as a training writes its first line.",
				"Look Again",
				() => void host.call("refresh", undefined),
			);
		case "all-deleted":
			return page(
				`${count(emptiness.count, "run")}, all deleted.`,
				"Show Deleted Runs",
				() => void host.call("setShowDeleted", { showDeleted: true }),
			);
		case "all-filtered":
			return page(
				`None of ${count(emptiness.count, "run")} fits the filters.`,
				"Remove All Filters",
				() => void host.call("setFilters", { filters: [] }),
			);
	}
}
