import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ChartsRun } from "../../src/shared/panels/chartsPanel";
import { longName } from "../common/longName";
import type { Topic } from "./chartsSession";
import { dragMention } from "./dragMention";
import { SessionElement } from "./sessionElement";
import { swatch } from "./swatch";

/** Runs named under the toolbar; all of them are in the popover. */
const mostNamed = 24;

/** Which line is which run, in sight while scrolling: a click hides or shows it, the pointer over it makes it stand out. */
export class ChartsLegend extends SessionElement {
	protected override readonly topics: readonly Topic[] = ["state", "view", "theme"];

	protected override render() {
		const runs = this.session.state?.runs ?? [];
		if (runs.length === 0) return nothing;
		return html`<ul class="legend" aria-label="Lines">
			${repeat(
				runs.slice(0, mostNamed),
				(run) => run.key,
				(run) => this.#run(run),
			)}
			${runs.length > mostNamed ? html`<li class="faint">${runs.length - mostNamed} more</li>` : nothing}
		</ul>`;
	}

	#run(run: ChartsRun) {
		const { session } = this;
		const isHidden = session.view.hidden.includes(run.key);
		return html`<li>
			<button type="button" aria-pressed=${!isHidden} class=${isHidden ? "hidden-run" : ""}
				title="${run.name} (${run.experimentName}, ${run.status.toLowerCase()})${isHidden ? ": hidden" : ""}"
				draggable="true" @dragstart=${(event: DragEvent) => dragMention(event, `run:${run.key}`, run.name)}
				@click=${() => session.toggleHidden(run.key)}
				@pointerenter=${() => session.setHighlight(run.key)} @pointerleave=${() => session.setHighlight(null)}
				@focus=${() => session.setHighlight(run.key)} @blur=${() => session.setHighlight(null)}>
				${swatch(run.colour)} ${longName(run.name)}
				${run.isBaseline ? html`<i class="codicon codicon-star-full" title="Baseline"></i>` : nothing}
			</button>
		</li>`;
	}
}

customElements.define("gamma-charts-legend", ChartsLegend);
