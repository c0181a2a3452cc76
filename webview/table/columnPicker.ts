import { html, nothing, type TemplateResult } from "lit";
import { type ColumnChoice, columnId, type Statistic } from "../../src/shared/panels/tableLayout";
import type { CatalogueColumn, TableColumn, tableCalls } from "../../src/shared/panels/tablePanel";
import type { Host } from "../common/host";
import { longName } from "../common/longName";

/** More than anyone reads; a project may have twelve thousand names. */
const mostShown = 200;

const headings = { attribute: "Attributes", metric: "Metrics", param: "Params", tag: "Tags" } as const;

/** Which columns the table has: a searchable list with a tick each, and for a metric its last, least, greatest or a step's value. */
export class ColumnPicker {
	#isOpen = false;
	#search = "";
	#catalogue: readonly CatalogueColumn[] | null = null;
	#step = 0;

	constructor(
		private readonly host: Host<typeof tableCalls>,
		private readonly columns: () => readonly TableColumn[],
		private readonly onChange: () => void,
	) {}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	open(search = ""): void {
		this.#isOpen = true;
		this.#search = search;
		this.onChange();
		void this.host.call("catalogue", undefined).then((catalogue) => {
			this.#catalogue = catalogue;
			this.onChange();
		});
		requestAnimationFrame(() => document.getElementById("column-search")?.focus());
	}

	close(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.onChange();
		document.getElementById("columns-button")?.focus();
	}

	template(): TemplateResult | typeof nothing {
		if (!this.#isOpen) return nothing;
		return html`<section class="picker" role="dialog" aria-label="Columns"
			@keydown=${(event: KeyboardEvent) => {
				if (event.key !== "Escape") return;
				event.stopPropagation();
				this.close();
			}}>
			<header>
				<input id="column-search" type="search" aria-label="Search columns" placeholder="Search columns"
					.value=${this.#search}
					@input=${(event: InputEvent) => {
						if (event.target instanceof HTMLInputElement) this.#search = event.target.value;
						this.onChange();
					}} />
				<button class="icon-button" type="button" title="Choose the columns for me" aria-label="Choose the columns for me"
					@click=${() => void this.host.call("setColumns", { columns: null })}><span class="codicon codicon-discard"></span></button>
				<button class="icon-button" type="button" title="Close (Escape)" aria-label="Close"
					@click=${() => this.close()}><span class="codicon codicon-close"></span></button>
			</header>
			${this.#catalogue === null ? html`<p class="check faint">Reading the names…</p>` : this.#list(this.#catalogue)}
		</section>`;
	}

	#list(catalogue: readonly CatalogueColumn[]): TemplateResult {
		const words = this.#search.toLowerCase().split(/\s+/).filter(Boolean);
		const found = catalogue.filter(({ by }) => words.every((word) => by.toLowerCase().includes(word)));
		const shown = found.slice(0, mostShown);
		let kind: CatalogueColumn["kind"] | null = null;
		return html`<ul aria-label="Columns to show">
			${shown.map((column) => {
				const heading =
					column.kind === kind ? nothing : html`<li class="heading" role="presentation">${headings[column.kind]}</li>`;
				kind = column.kind;
				return html`${heading}${this.#entry(column)}`;
			})}
			${found.length === 0 ? html`<li class="faint">No column has that name.</li>` : nothing}
			${found.length > shown.length ? html`<li class="faint">${shown.length} of ${found.length.toLocaleString("en")} shown; type to narrow.</li>` : nothing}
		</ul>`;
	}

	#entry(column: CatalogueColumn): TemplateResult {
		const own = this.columns().filter((other) => other.by === column.by && !other.isChange);
		const isMetric = column.kind === "metric";
		return html`<li>
			<label><input type="checkbox" .checked=${own.length > 0}
				aria-label="${column.kind} ${column.label}"
				@change=${() => this.#toggle(column.by, "last", own.length > 0)} />${longName(column.label)}</label>
			${isMetric ? this.#statistics(column, own) : nothing}
			<span class="runs" title="Runs that have it">${column.runs.toLocaleString("en")}</span>
		</li>`;
	}

	#statistics(column: CatalogueColumn, own: readonly TableColumn[]): TemplateResult {
		const button = (statistic: Statistic, label: string) => {
			const step = statistic === "step" ? this.#step : null;
			const isOn = own.some((other) => other.statistic === statistic && (step === null || other.step === step));
			return html`<button type="button" aria-pressed=${isOn} aria-label="${label} of ${column.label}"
				@click=${() => this.#toggleOne(column.by, statistic, isOn)}>${label}</button>`;
		};
		const hasSearch = this.#search !== "";
		return html`<span class="statistics">
			${button("last", "last")}${button("min", "min")}${button("max", "max")}
			${
				hasSearch
					? html`<input class="step" type="number" min="0" aria-label="Step" title="The step whose value is shown" .value=${String(this.#step)}
				@input=${(event: InputEvent) => {
					if (event.target instanceof HTMLInputElement) this.#step = Number(event.target.value) || 0;
					this.onChange();
				}} />`
					: nothing
			}
			${button("step", hasSearch ? "at step" : `@${this.#step}`)}
		</span>`;
	}

	/** The tick stands for the whole name: off takes every column of it away. */
	#toggle(by: string, statistic: Statistic, isOn: boolean): void {
		if (isOn) this.#set(chosen(this.columns()).filter((column) => column.by !== by));
		else void this.host.call("addColumn", { by, statistic });
	}

	#toggleOne(by: string, statistic: Statistic, isOn: boolean): void {
		const step = statistic === "step" ? { step: this.#step } : {};
		if (!isOn) void this.host.call("addColumn", { by, statistic, ...step });
		else
			this.#set(chosen(this.columns()).filter((column) => columnId(column) !== columnId({ by, statistic, ...step })));
	}

	#set(columns: readonly ColumnChoice[]): void {
		void this.host.call("setColumns", { columns: [...columns] });
	}
}

/** The chosen columns behind the shown ones: the changes from the baseline come by themselves. */
export function chosen(columns: readonly TableColumn[]): ColumnChoice[] {
	return columns
		.filter((column) => !column.isChange)
		.map(({ by, statistic, step, width }) => ({ by, statistic, width, ...(step === null ? {} : { step }) }));
}
