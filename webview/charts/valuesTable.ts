import { html } from "lit";
import type { ChartsSession } from "./chartsSession";
import type { Quantity, ValuedRun } from "./quantities";
import { swatch } from "./swatch";

/** The runs and their values as a table: what the parallel coordinates and the scatter draw, exactly. */
export function valuesTable(runs: readonly ValuedRun[], columns: readonly Quantity[], session: ChartsSession) {
	return html`<div class="points values" tabindex="0" role="region" aria-label="Values of ${runs.length} runs">
		<table>
			<thead>
				<tr>
					<th scope="col">run</th>
					${columns.map(({ label, kind }) => html`<th scope="col" title=${kind}>${label}</th>`)}
				</tr>
			</thead>
			<tbody>
				${runs.map(
					({ run }) => html`<tr>
						<th scope="row">
							<button type="button" @click=${() => void session.host.call("openRun", { key: run.key })}>${swatch(run.colour)} ${run.name}</button>
						</th>
						${columns.map((column) => html`<td>${column.text(run.key) ?? "–"}</td>`)}
					</tr>`,
				)}
			</tbody>
		</table>
	</div>`;
}
