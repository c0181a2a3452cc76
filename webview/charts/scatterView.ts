import { html, nothing, svg } from "lit";
import { firstScatter, type Quantity, quantityIds, toQuantity, type ValuedRun } from "./quantities";
import { RunValuesView } from "./runValuesView";
import { drawnShape } from "./swatch";
import { valuesTable } from "./valuesTable";

/** Room around the dots, for the axes. */
const left = 64;
const top = 12;
const mostWidth = 1400;

/** One quantity over another, a dot per run: what a param does to a metric. */
export class ScatterView extends RunValuesView {
	protected override draw(runs: readonly ValuedRun[]) {
		const { view } = this.session;
		const ids = quantityIds(runs);
		const first = firstScatter(runs);
		const xId = known(view.scatterX, ids) ?? first.x;
		const yId = known(view.scatterY, ids) ?? first.y;
		if (xId === undefined || yId === undefined) {
			return html`<div class="empty"><p>These runs have logged neither params nor metrics yet.</p></div>`;
		}
		const x = toQuantity(xId, runs, view.scatterLogX || null);
		const y = toQuantity(yId, runs, view.scatterLogY);
		return html`<div class="row tools">
				${this.#choice("x", ids, xId, (scatterX) => this.session.setView({ scatterX }))}
				${this.#log("log x", view.scatterLogX, () => this.session.setView({ scatterLogX: !view.scatterLogX }))}
				${this.#choice("y", ids, yId, (scatterY) => this.session.setView({ scatterY }))}
				${this.#log("log y", view.scatterLogY, () => this.session.setView({ scatterLogY: !view.scatterLogY }))}
				${this.tableToggle()}
			</div>
			${this.isTable ? valuesTable(runs, [x, y], this.session) : this.#picture(runs, x, y)}`;
	}

	#picture(runs: readonly ValuedRun[], x: Quantity, y: Quantity) {
		const { theme, highlight } = this.session;
		const width = Math.max(160, Math.min(mostWidth, this.clientWidth) - left - 16);
		const height = Math.min(560, Math.max(200, width * 0.6));
		const inset = 14;
		const toX = (place: number) => left + inset + place * (width - 2 * inset);
		const toY = (place: number) => top + inset + (1 - place) * (height - 2 * inset);
		const placed = runs.flatMap(({ run }) => {
			const px = x.place(run.key);
			const py = y.place(run.key);
			return px === null || py === null ? [] : [{ run, cx: toX(px), cy: toY(py) }];
		});
		const missing = runs.length - placed.length;
		return html`<svg class="scatter" width=${left + width + 16} height=${top + height + 48} role="group" aria-label="${y.label} over ${x.label}, ${placed.length} runs">
				${y.ticks.map(
					({
						place,
						label,
					}) => svg`<line x1=${left} x2=${left + width} y1=${toY(place)} y2=${toY(place)} stroke=${theme.grid} />
					<text x=${left - 6} y=${toY(place) + 4} text-anchor="end" fill=${theme.faint}>${short(label)}</text>`,
				)}
				${apart(x.ticks, width - 2 * inset).map(
					({
						place,
						label,
					}) => svg`<line x1=${toX(place)} x2=${toX(place)} y1=${top} y2=${top + height} stroke=${theme.grid} />
					<text x=${toX(place)} y=${top + height + 16} text-anchor="middle" fill=${theme.faint}>${short(label)}</text>`,
				)}
				<text x=${left + width / 2} y=${top + height + 36} text-anchor="middle" fill=${theme.foreground}>${x.label}${x.isLog ? " (log)" : ""}</text>
				<text x="14" y=${top + height / 2} text-anchor="middle" fill=${theme.foreground} transform="rotate(-90 14 ${top + height / 2})">${y.label}${y.isLog ? " (log)" : ""}</text>
				${placed.map(({ run, cx, cy }) => {
					const open = () => void this.session.host.call("openRun", { key: run.key });
					const label = `${run.name}: ${x.label} ${x.text(run.key)}, ${y.label} ${y.text(run.key)}`;
					return svg`<g class="dot" tabindex="0" role="button" aria-label="${label}. Open the run." transform="translate(${cx} ${cy})" @click=${open}
						@keydown=${(event: KeyboardEvent) => event.key === "Enter" && open()}
						@pointerenter=${() => this.session.setHighlight(run.key)} @pointerleave=${() => this.session.setHighlight(null)}
						@focus=${() => this.session.setHighlight(run.key)} @blur=${() => this.session.setHighlight(null)}>
						<circle r="11" fill="transparent" /><title>${label}</title>${drawnShape(run.colour, theme, highlight === run.key ? 7 : 5)}
					</g>`;
				})}
				${placed.filter(({ run }) => run.key === highlight).map(({ run, cx, cy }) => this.#name(run.name, y.text(run.key), cx, cy, cx > left + width * 0.7))}
			</svg>
			${missing > 0 ? html`<p class="faint">${missing === 1 ? "1 run has" : `${missing} runs have`} no value that can be placed on both axes.</p>` : nothing}`;
	}

	/** Drawn after all dots, so that none lies over it. */
	#name(name: string, value: string | null, cx: number, cy: number, isRight: boolean) {
		return svg`<text class="dot-name" x=${cx + (isRight ? -12 : 12)} y=${cy - 8} text-anchor=${isRight ? "end" : "start"}
			fill=${this.session.theme.foreground}>${name}: ${short(value ?? "")}</text>`;
	}

	#choice(label: string, ids: readonly string[], chosen: string, set: (id: string) => void) {
		return html`<label class="field"><span>${label}</span>
			<select aria-label="${label} axis" @change=${(event: Event) => event.target instanceof HTMLSelectElement && set(event.target.value)}>
				${ids.map((id) => html`<option value=${id} ?selected=${id === chosen}>${id.slice(id.indexOf(":") + 1)}</option>`)}
			</select>
		</label>`;
	}

	#log(label: string, isOn: boolean, run: () => void) {
		return html`<button type="button" class="toggle" aria-pressed=${isOn} @click=${run}>${label}</button>`;
	}
}

/** Pixels that a tick's label below the axis needs. */
const labelPx = 48;

/** Ticks whose labels do not touch. */
function apart(ticks: Quantity["ticks"], width: number): Quantity["ticks"] {
	let last = Number.NEGATIVE_INFINITY;
	return ticks.filter(({ place }) => {
		if (place * width - last < labelPx) return false;
		last = place * width;
		return true;
	});
}

function known(id: string | null, ids: readonly string[]): string | null {
	return id !== null && ids.includes(id) ? id : null;
}

/** Last values have up to 17 digits; a tick and a name beside a dot need five. */
function short(text: string): string {
	return /^-?\d*\.\d{6,}$/.test(text) ? String(Number(Number(text).toPrecision(5))) : text;
}

customElements.define("gamma-charts-scatter", ScatterView);
