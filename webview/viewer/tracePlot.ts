import { html, LitElement } from "lit";
import { formatNumber } from "../common/number";
import { readTheme } from "../common/theme";
import { drawTrace } from "./drawTrace";
import type { Trace } from "./trace";

/** A small plot that moves with the picture, its last values beside it in words. */
export class TracePlot extends LitElement {
	static override properties = {
		revision: { attribute: false },
		trace: { attribute: false },
		endS: { attribute: false },
		label: { type: String },
	};
	/** Of the trace: says that there is something new to draw. */
	declare revision: number;
	declare trace: Trace;
	/** The whole timeline, where there is one; null: the last seconds. */
	declare endS: number | null;
	declare label: string;

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	protected override render(): unknown {
		const { labels, latest } = this.trace;
		return html`<canvas class="trace" role="img" aria-label=${this.label}></canvas>
			<ul class="legend">
				${labels.map(
					(label, slot) => html`<li title=${label}>
					<span class="legend-line"></span>
					<span class="legend-name">${label}</span>
					<span class="number">${formatNumber(Number((latest[slot] ?? Number.NaN).toPrecision(4)))}</span>
				</li>`,
				)}
			</ul>`;
	}

	protected override updated(): void {
		const canvas = this.querySelector("canvas");
		if (canvas) drawTrace(canvas, this.trace, readTheme(), this.endS);
		const theme = readTheme();
		for (const [slot, line] of this.querySelectorAll<HTMLElement>(".legend-line").entries()) {
			line.style.background = theme.runColour(slot);
		}
	}
}

customElements.define("gamma-trace", TracePlot);
