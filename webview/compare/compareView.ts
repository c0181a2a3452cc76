import { html, nothing, render, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import * as z from "zod/mini";
import {
	type ComparePart,
	type CompareState,
	comparableRuns,
	type compareCalls,
	compareParts,
	type MetricRows,
	metricRows,
} from "../../src/shared/panels/comparePanel";
import type { RunKey } from "../../src/shared/run";
import { Host } from "../common/host";
import { openMenu } from "../common/menu";
import { moreMenu, runMenu } from "./compareMenus";
import { focusHeading, keptWidths, SheetColumns } from "./sheetColumns";
import { type SheetHands, sheetTemplate } from "./sheetTemplate";

const keptState = z.object({
	keys: z.array(z.string()),
	showEqual: z.boolean(),
	metricRows: z.enum(metricRows),
	search: z.string(),
	folded: z.array(z.enum(compareParts)),
	scrollTop: z.number(),
	scrollLeft: z.number(),
	widths: z.optional(keptWidths),
});

/** The comparison of runs: a sentence, then a sheet of what differs. */
export class CompareView {
	readonly #host = new Host<typeof compareCalls>((state) => this.#show(state as CompareState));
	#state: CompareState | null = null;
	/** What was last asked for: the state that answers may still be under way. */
	#order: readonly RunKey[] = [];
	#sheet: HTMLElement | null = null;
	#folded: ReadonlySet<ComparePart> = new Set();
	#unfolded: ReadonlySet<string> = new Set();
	#current: string | null = null;
	readonly #columns: SheetColumns;
	#isDrawing = false;
	#kept: z.infer<typeof keptState> | null;
	#restore: { readonly top: number; readonly left: number } | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#looked = "";

	constructor(private readonly root: HTMLElement) {
		const kept = keptState.safeParse(this.#host.kept);
		this.#kept = kept.success ? kept.data : null;
		if (this.#kept) this.#folded = new Set(this.#kept.folded);
		const hands = {
			state: () => this.#state,
			draw: () => this.#draw(),
			changed: () => {
				this.#draw();
				this.#keepSoon();
			},
			move: (column: number, before: number) => this.#move(column, before),
			moveKept: (column: number, before: number) => this.#moveKept(column, before),
			remove: (key: RunKey) => this.#remove(key),
			menu: (column: number) => this.#openRunMenu(column, document.querySelector(`[data-run="${column}"]`)),
			toRows: () => document.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus({ preventScroll: true }),
		};
		this.#columns = new SheetColumns(hands, this.#kept?.widths ?? null);
	}

	start(): void {
		window.addEventListener("resize", () => this.#draw());
		window.addEventListener("keydown", (event) => this.#key(event));
		this.#draw();
		this.#host.ready();
	}

	#show(state: CompareState): void {
		const kept = this.#kept;
		this.#kept = null;
		this.#state = state;
		this.#order = state.runs.map(({ key }) => key);
		// A host that knows no runs has just been started again: it is told what was on the sheet.
		if (kept && state.runs.length + state.missingRuns === 0 && kept.keys.length > 0) {
			this.#restore = { top: kept.scrollTop, left: kept.scrollLeft };
			const { showEqual, metricRows: rows, search } = kept;
			void this.#host.call("choose", { showEqual, metricRows: rows, search });
			void this.#host.call("setRuns", { keys: kept.keys });
			return;
		}
		this.#draw();
		this.#keepSoon();
	}

	#draw(): void {
		if (this.#isDrawing) return;
		this.#isDrawing = true;
		requestAnimationFrame(() => {
			this.#isDrawing = false;
			render(this.#template(), this.root);
			if (this.#restore && this.#state && this.#state.sections.length > 0) {
				this.#sheet?.scrollTo(this.#restore.left, this.#restore.top);
				this.#restore = null;
			}
			this.#lookSoon();
		});
	}

	#template(): TemplateResult {
		const state = this.#state;
		return html`<main class="compare">
			${state && state.runs.length >= comparableRuns.least ? this.#full(state) : this.#empty(state)}
		</main>`;
	}

	#empty(state: CompareState | null): TemplateResult {
		if (state === null || (state.isReading && state.missingRuns > 0)) {
			return html`<div class="empty" role="status"><span><span class="codicon codicon-sync codicon-modifier-spin" aria-hidden="true"></span> Reading the runs…</span></div>`;
		}
		const why =
			state.missingRuns > 0
				? "The runs compared here are in no open store any more."
				: "A comparison needs two runs or more.";
		return html`<div class="empty" role="status"><p>${why}</p>
			<button class="text-button primary" type="button" @click=${() => void this.#host.call("openTable", undefined)}>Choose Runs</button></div>`;
	}

	#full(state: CompareState): TemplateResult {
		const look = {
			folded: this.#folded,
			unfolded: this.#unfolded,
			current: this.#current ?? state.sections[0]?.rows[0]?.id ?? null,
			nameWidth: this.#columns.nameWidth,
			runWidths: this.#columns.runWidths(state),
			dragged: this.#columns.dragged,
			dropBefore: this.#columns.dropBefore,
		};
		return html`<p class="sentence" role="status">${state.sentence}</p>
			${this.#toolbar(state)}
			<div class="sheet" role="region" aria-label="Differences" tabindex="-1"
				${ref((element) => {
					this.#sheet = element instanceof HTMLElement ? element : null;
				})}
				@scroll=${() => {
					this.#lookSoon();
					this.#keepSoon();
				}}
				@pointerdown=${(event: PointerEvent) => this.#pointer(event)}
				@click=${(event: MouseEvent) => this.#click(event)}
				@focusin=${(event: FocusEvent) => this.#focused(event)}
			>${sheetTemplate(state, look, this.#hands())}</div>`;
	}

	#toolbar(state: CompareState): TemplateResult {
		const icon = (name: string) => html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
		return html`<div class="toolbar" role="toolbar" aria-label="Comparison">
			<input id="search" type="search" aria-label="Search names" placeholder="Search names" title="Only rows whose name contains this ( / )" .value=${state.search}
				@input=${(event: InputEvent) => {
					if (event.target instanceof HTMLInputElement) void this.#host.call("choose", { search: event.target.value });
				}} />
			<button class="icon-button" type="button" aria-label="Previous difference" title="Previous difference (p)" @click=${() => this.#step(-1)}>${icon("arrow-up")}</button>
			<button class="icon-button" type="button" aria-label="Next difference" title="Next difference (n)" @click=${() => this.#step(1)}>${icon("arrow-down")}</button>
			<button class="icon-button" type="button" aria-pressed=${state.showEqual} aria-label="Show equal rows" title="Also show rows in which all runs agree (e)"
				@click=${() => void this.#host.call("choose", { showEqual: !state.showEqual })}>${icon("whitespace")}<span class="wide">Show equal rows</span></button>
			<span class="spacer"></span>
			${state.missingRuns > 0 ? html`<span class="faint">${state.missingRuns} no longer in a store</span>` : nothing}
			${this.#why(state)}
			<button class="icon-button" type="button" aria-label="Charts" title="These runs on the charts" @click=${() => void this.#host.call("openCharts", undefined)}>${icon("graph-line")}<span class="wide">Charts</span></button>
			<button class="icon-button" type="button" aria-label="More" aria-haspopup="menu" title="Rows of metrics, copy" @click=${(event: Event) => this.#openMore(state, event)}>${icon("ellipsis")}</button>
		</div>`;
	}

	/** Of two runs; of more, each run's menu has it. */
	#why({ runs }: CompareState): unknown {
		const [, other, ...more] = runs;
		if (!other || more.length > 0) return nothing;
		return html`<button class="icon-button" type="button" aria-label="Why did it change?" title="What may have changed the metrics, the most suspicious change first"
			@click=${() => void this.#host.call("askWhy", { key: other.key })}><span class="codicon codicon-question" aria-hidden="true"></span><span class="wide">Why?</span></button>`;
	}

	#openMore(state: CompareState, event: Event): void {
		if (!(event.currentTarget instanceof HTMLElement)) return;
		const hands = {
			chooseRows: (rows: MetricRows) => void this.#host.call("choose", { metricRows: rows }),
			copy: (format: "csv" | "markdown") => void this.#copy(format),
			resetWidths: this.#columns.isResized ? () => this.#columns.reset() : null,
			openTable: () => void this.#host.call("openTable", undefined),
		};
		openMenu(event.currentTarget, moreMenu(state, hands));
	}

	async #copy(format: "csv" | "markdown"): Promise<void> {
		this.#host.copy(await this.#host.call("copyText", { format }));
	}

	#hands(): SheetHands {
		return {
			fold: (part) => {
				const folded = new Set(this.#folded);
				if (!folded.delete(part)) folded.add(part);
				this.#folded = folded;
				this.#draw();
				this.#keepSoon();
			},
			showMore: (part) => void this.#host.call("showMore", { part }),
			openRun: ({ key }) => void this.#host.call("openRun", { key }),
			openCode: ({ key }) => void this.#host.call("openCodeDiff", { key }),
			openCommit: ({ key }) => void this.#host.call("openCommit", { key }),
			openUncommitted: ({ key }) => void this.#host.call("openUncommittedDiff", { key }),
			remove: ({ key }) => this.#remove(key),
			menu: (index, anchor) => this.#openRunMenu(index, anchor),
		};
	}

	#openRunMenu(index: number, anchor: EventTarget | null): void {
		const state = this.#state;
		if (!state || !(anchor instanceof HTMLElement)) return;
		const hands = {
			openRun: (key: RunKey) => void this.#host.call("openRun", { key }),
			openCodeDiff: (key: RunKey) => void this.#host.call("openCodeDiff", { key }),
			askWhy: (key: RunKey) => void this.#host.call("askWhy", { key }),
			openCommit: (key: RunKey) => void this.#host.call("openCommit", { key }),
			openUncommittedDiff: (key: RunKey) => void this.#host.call("openUncommittedDiff", { key }),
			// What comes first may have changed since the menu was opened.
			makeBase: (key: RunKey) => this.#moveKey(key, this.#order[0]),
			moveBefore: (key: RunKey, next: RunKey | undefined) => this.#moveKey(key, next),
			remove: (key: RunKey) => this.#remove(key),
		};
		openMenu(anchor, runMenu(state, index, hands));
	}

	#setOrder(keys: readonly RunKey[]): void {
		this.#order = keys;
		void this.#host.call("setRuns", { keys: [...keys] });
	}

	#remove(key: RunKey): void {
		this.#setOrder(this.#order.filter((other) => other !== key));
	}

	/** Puts a run before another; the first is the base. */
	#move(index: number, before: number): void {
		this.#moveKey(this.#state?.runs[index]?.key, this.#state?.runs[before]?.key);
	}

	/** `next` undefined: to the end. By key: the runs may have moved since the hand was lifted. */
	#moveKey(key: RunKey | undefined, next: RunKey | undefined): void {
		if (key === undefined || key === next) return;
		const others = this.#order.filter((other) => other !== key);
		const at = next === undefined ? others.length : others.indexOf(next);
		this.#setOrder([...others.slice(0, at), key, ...others.slice(at)]);
	}

	#pointer(event: PointerEvent): void {
		if (event.target instanceof Element && event.target.closest(".icon-button, .run-below button")) return;
		this.#columns.pointer(event);
	}

	/** A click on a row makes it the current one; a second click folds or unfolds its long values. */
	#click(event: MouseEvent): void {
		if (!(event.target instanceof Element) || event.target.closest("button")) return;
		const row = event.target.closest<HTMLElement>("[data-row]");
		if (!row || document.getSelection()?.isCollapsed === false) return;
		if (document.activeElement === row && event.detail === 2) this.#unfold(row.dataset.row);
		else row.focus({ preventScroll: true });
	}

	#unfold(id: string | undefined): void {
		if (id === undefined) return;
		const unfolded = new Set(this.#unfolded);
		if (!unfolded.delete(id)) unfolded.add(id);
		this.#unfolded = unfolded;
		this.#draw();
	}

	#focused(event: FocusEvent): void {
		const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
		if (row === undefined || row === this.#current) return;
		this.#current = row;
		this.#draw();
	}

	#key(event: KeyboardEvent): void {
		if (event.target instanceof HTMLInputElement) {
			if (event.key === "Escape" || event.key === "ArrowDown") this.#step(1);
			return;
		}
		if (this.#columns.key(event)) return;
		const action = this.#actionOf(event);
		if (!action) return;
		event.preventDefault();
		action();
	}

	#actionOf(event: KeyboardEvent): (() => void) | undefined {
		const target = event.target instanceof HTMLElement ? event.target : null;
		if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
		const keys: Record<string, () => void> = {
			n: () => this.#step(1),
			p: () => this.#step(-1),
			e: () => void this.#host.call("choose", { showEqual: !this.#state?.showEqual }),
			"/": () => document.getElementById("search")?.focus(),
		};
		const row = target?.dataset.row;
		if (row === undefined) return keys[event.key];
		const rowKeys: Record<string, () => void> = {
			ArrowDown: () => this.#step(1, false),
			ArrowUp: () => this.#step(-1, false),
			Enter: () => this.#unfold(row),
			" ": () => this.#unfold(row),
			ArrowRight: () => this.#sheet?.scrollBy(80, 0),
			ArrowLeft: () => this.#sheet?.scrollBy(-80, 0),
		};
		return rowKeys[event.key] ?? keys[event.key];
	}

	/** Moves and keeps the focus on the run that moved. */
	#moveKept(index: number, before: number): void {
		if (before < 0 || before > (this.#state?.runs.length ?? 0)) return;
		const key = this.#state?.runs[index]?.key;
		this.#move(index, before);
		const refocus = () => {
			const now = this.#state?.runs.findIndex((run) => run.key === key) ?? -1;
			if (now >= 0) focusHeading(now);
		};
		setTimeout(refocus, 150);
	}

	/** To the next row, or the next that differs, round the end. */
	#step(by: 1 | -1, onlyDiffering = true): void {
		const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
		const wanted = onlyDiffering ? rows.filter((row) => row.dataset.differs === "true") : rows;
		const at = wanted.findIndex((row) => row.matches(":focus"));
		const started = this.#current !== null;
		const from =
			at >= 0 ? at : started ? wanted.findIndex((row) => row.dataset.row === this.#current) : by > 0 ? -1 : 0;
		const next = wanted[(from + by + wanted.length) % Math.max(1, wanted.length)];
		if (!next) return;
		next.focus({ preventScroll: true });
		next.scrollIntoView({ block: "nearest", inline: "nearest" });
	}

	#lookSoon(): void {
		requestAnimationFrame(() => {
			const sheet = this.#sheet;
			if (!sheet) return;
			const { top, bottom } = sheet.getBoundingClientRect();
			const rows = [...sheet.querySelectorAll<HTMLElement>("[data-row]")]
				.filter((row) => {
					const at = row.getBoundingClientRect();
					return at.bottom > top && at.top < bottom;
				})
				.flatMap((row) => row.dataset.row ?? []);
			const looked = JSON.stringify([rows, this.#state?.runs.map(({ key }) => key)]);
			if (looked === this.#looked) return;
			this.#looked = looked;
			void this.#host.call("look", { rows });
		});
	}

	#keepSoon(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			const state = this.#state;
			if (!state || state.runs.length === 0) return;
			this.#host.keep({
				keys: state.runs.map(({ key }) => key),
				showEqual: state.showEqual,
				metricRows: state.metricRows,
				search: state.search,
				folded: [...this.#folded],
				scrollTop: this.#sheet?.scrollTop ?? 0,
				scrollLeft: this.#sheet?.scrollLeft ?? 0,
				widths: this.#columns.kept(state),
			} satisfies z.infer<typeof keptState>);
		}, 200);
	}
}
