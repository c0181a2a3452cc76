import { html, nothing, svg } from "lit";
import { openMenu } from "../common/menu";
import { brushByKey, brushFromDrag, isInBrushes } from "./brushes";
import { lineColour } from "./colourScale";
import { firstColumns, type Quantity, quantityIds, toQuantity, type ValuedRun } from "./quantities";
import { RunValuesView } from "./runValuesView";
import { valuesTable } from "./valuesTable";

const top = 44;
const height = 320;
/** Between two axes, at least so much and at most. */
const spacingRange = [150, 300] as const;
const left = 70;

/** Parallel coordinates: a line per run through its params and last metrics; a brush on an axis keeps the runs within it. */
export class ParallelView extends RunValuesView {
	protected override draw(runs: readonly ValuedRun[]) {
		const { view } = this.session;
		const ids = view.columnsShown.length > 0 ? view.columnsShown : firstColumns(runs);
		const columns = ids.map((id) => toQuantity(id, runs));
		if (columns.length === 0) {
			return html`<div class="empty"><p>These runs do not differ in any param or metric.</p>
				<button type="button" class="primary" @click=${this.#chooseColumns}>Choose columns…</button></div>`;
		}
		const kept = runs.filter(({ run }) => isInBrushes(run.key, columns, view.brushes));
		const colourId = view.colourBy ?? ids.findLast((id) => id.startsWith("metric:")) ?? null;
		const colourBy = colourId === null ? null : toQuantity(colourId, runs);
		return html`<div class="row tools">
				<button type="button" class="secondary" aria-haspopup="menu" @click=${this.#chooseColumns}>Columns…</button>
				<label class="field"><span>colour by</span>
					<select aria-label="Colour by" @change=${(event: Event) => this.session.setView({ colourBy: chosenOf(event) })}>
						<option value="run" ?selected=${colourId === "run"}>run</option>
						${quantityIds(runs).map((id) => html`<option value=${id} ?selected=${id === colourId}>${id.slice(id.indexOf(":") + 1)}</option>`)}
					</select>
				</label>
				<span class="faint" role="status">${kept.length} of ${runs.length} runs</span>
				${
					Object.keys(view.brushes).length > 0
						? html`<button type="button" class="secondary" @click=${() => this.session.setView({ brushes: {} })}>Clear brushes</button>`
						: nothing
				}
				${this.tableToggle()}
			</div>
			${this.isTable ? valuesTable(kept, columns, this.session) : this.#picture(runs, kept, columns, colourId === "run" ? null : colourBy)}`;
	}

	#picture(
		runs: readonly ValuedRun[],
		kept: readonly ValuedRun[],
		columns: readonly Quantity[],
		colourBy: Quantity | null,
	) {
		const { theme, highlight } = this.session;
		const [least, most] = spacingRange;
		const room = (this.clientWidth - left * 2) / Math.max(1, columns.length - 1);
		const spacing = Math.floor(Math.min(most, Math.max(least, room)));
		const width = left * 2 + spacing * (columns.length - 1);
		const keptKeys = new Set(kept.map(({ run }) => run.key));
		const order = [...runs].sort((a, b) => rank(a) - rank(b));
		function rank({ run }: ValuedRun): number {
			return run.key === highlight ? 2 : keptKeys.has(run.key) ? 1 : 0;
		}
		return html`<div class="scroll-x"><svg class="parallel" width=${width} height=${top + height + 24} role="group"
				aria-label="Parallel coordinates of ${runs.length} runs over ${columns.map(({ label }) => label).join(", ")}">
			${order.map(({ run }) => {
				const isKept = keptKeys.has(run.key);
				const colour = isKept ? lineColour(run, colourBy, theme) : theme.faint;
				const isBright = highlight === null || highlight === run.key;
				return svg`<path d=${pathOf(run.key, columns, spacing)} fill="none" stroke=${colour} stroke-dasharray=${theme.runDash(run.colour).join(" ")}
					stroke-width=${highlight === run.key ? 3 : isKept ? 1.75 : 1} opacity=${isKept ? (isBright ? 0.95 : 0.25) : 0.12}
					@pointerenter=${() => this.session.setHighlight(run.key)} @pointerleave=${() => this.session.setHighlight(null)}
					@click=${() => void this.session.host.call("openRun", { key: run.key })}><title>${summary(run.key, run.name, columns)}</title></path>`;
			})}
			${columns.map((column, index) => this.#axis(column, left + index * spacing))}
		</svg></div>
		<p class="faint">Drag along an axis to keep the runs within. By keys: focus an axis, arrows move the range, Shift and arrows change its size, Escape clears it.</p>`;
	}

	#axis(column: Quantity, x: number) {
		const { theme, view } = this.session;
		const brush = view.brushes[column.id];
		const set = (range: readonly [number, number] | null) => {
			const { [column.id]: _old, ...others } = this.session.view.brushes;
			this.session.setView({ brushes: range ? { ...others, [column.id]: [range[0], range[1]] } : others });
		};
		const label = brush
			? `${column.label}, from ${Math.round(brush[0] * 100)} to ${Math.round(brush[1] * 100)} percent of the axis`
			: `${column.label}, everything`;
		return svg`<g class="axis" tabindex="0" role="slider" aria-label=${label} aria-orientation="vertical" aria-valuenow=${brush ? Math.round(brush[1] * 100) : 100}
				aria-valuemin="0" aria-valuemax="100" @keydown=${(event: KeyboardEvent) => brushByKey(event, brush ?? null, set)}
				@pointerdown=${(event: PointerEvent) => brushFromDrag(event, top, height, set)}>
			<rect x=${x - 16} y=${top - 8} width="32" height=${height + 16} fill="transparent" />
			<line x1=${x} x2=${x} y1=${top} y2=${top + height} stroke=${theme.faint} />
			${brush ? svg`<rect class="brush" x=${x - 6} width="12" y=${top + (1 - brush[1]) * height} height=${(brush[1] - brush[0]) * height} fill=${theme.focus} fill-opacity="0.35" stroke=${theme.focus} />` : nothing}
			${column.ticks.map(
				({
					place,
					label: text,
				}) => svg`<line x1=${x - 4} x2=${x} y1=${yOf(place)} y2=${yOf(place)} stroke=${theme.faint} />
				<text x=${x - 7} y=${yOf(place) + 4} text-anchor="end" fill=${theme.faint}>${clip(text, 11)}<title>${text}</title></text>`,
			)}
			<text x=${x} y="18" text-anchor="middle" fill=${theme.foreground} font-weight="600">${clip(column.label, 20)}<title>${column.label}</title></text>
			<text x=${x} y="32" text-anchor="middle" fill=${theme.faint}>${column.kind}${column.isLog ? ", log" : ""}</text>
		</g>`;
	}

	readonly #chooseColumns = (event: Event) => {
		if (!(event.currentTarget instanceof HTMLElement)) return;
		const { runs } = this.feed;
		const { view } = this.session;
		const shown = view.columnsShown.length > 0 ? view.columnsShown : firstColumns(runs);
		openMenu(
			event.currentTarget,
			quantityIds(runs).map((id) => ({
				label: id.slice(id.indexOf(":") + 1),
				hint: id.slice(0, id.indexOf(":")),
				checked: shown.includes(id),
				run: () =>
					this.session.setView({
						columnsShown: shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id],
					}),
			})),
		);
	};
}

function yOf(place: number): number {
	return top + (1 - place) * height;
}

/** Through each column the run has a value in; broken where it has none. */
function pathOf(key: string, columns: readonly Quantity[], spacing: number): string {
	let path = "";
	let isDown = false;
	for (const [index, column] of columns.entries()) {
		const place = column.place(key);
		if (place === null) {
			isDown = false;
			continue;
		}
		path += `${isDown ? "L" : "M"}${left + index * spacing} ${yOf(place)}`;
		isDown = true;
	}
	return path;
}

function summary(key: string, name: string, columns: readonly Quantity[]): string {
	return [name, ...columns.map((column) => `${column.label}: ${column.text(key) ?? "none"}`)].join("\n");
}

/** Values of one param, and names of metrics, differ at their ends as often as at their starts. */
function clip(text: string, length: number): string {
	const letters = [...text];
	if (letters.length <= length) return text;
	const end = Math.floor(length / 2);
	return `${letters.slice(0, length - 1 - end).join("")}…${letters.slice(-end).join("")}`;
}

function chosenOf(event: Event): string {
	return event.target instanceof HTMLSelectElement ? event.target.value : "";
}

customElements.define("gamma-charts-parallel", ParallelView);
