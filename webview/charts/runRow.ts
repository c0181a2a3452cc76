import { html } from "lit";
import type { ChartsRun } from "../../src/shared/panels/chartsPanel";
import { longName } from "../common/longName";
import type { ChartsSession } from "./chartsSession";
import { swatch } from "./swatch";

export const statusIcons: Record<ChartsRun["status"], string> = {
	RUNNING: "codicon-sync",
	SCHEDULED: "codicon-circle-outline",
	FINISHED: "codicon-pass",
	FAILED: "codicon-error",
	KILLED: "codicon-circle-slash",
};

/** A run in the popover: shows or hides its line, names the baseline, opens it, takes it off the charts. */
export function runRow(run: ChartsRun, session: ChartsSession) {
	const isHidden = session.view.hidden.includes(run.key);
	const { host } = session;
	return html`<li class=${isHidden ? "hidden-run" : ""} @pointerenter=${() => session.setHighlight(run.key)} @pointerleave=${() => session.setHighlight(null)}>
		<label class="run" title="Show or hide the line">
			<input type="checkbox" .checked=${!isHidden} @change=${() => session.toggleHidden(run.key)} aria-label="Show ${run.name}" />
			${swatch(run.colour)} ${longName(run.name)}
		</label>
		<i class="codicon ${statusIcons[run.status]} status-${run.status.toLowerCase()}" title=${run.problem ?? run.status.toLowerCase()}></i>
		<span class="actions">
			<button type="button" class="icon" aria-pressed=${run.isBaseline} title=${run.isBaseline ? "No longer the baseline" : "Make it the baseline (b)"}
				aria-label="Baseline: ${run.name}" @click=${() => void host.call("baseline", { key: run.isBaseline ? null : run.key })}>
				<i class="codicon ${run.isBaseline ? "codicon-star-full" : "codicon-star-empty"}"></i>
			</button>
			<button type="button" class="icon" title="Open the run" aria-label="Open ${run.name}" @click=${() => void host.call("openRun", { key: run.key })}>
				<i class="codicon codicon-go-to-file"></i>
			</button>
			<button type="button" class="icon" title="Take off the charts" aria-label="Take ${run.name} off the charts" @click=${() => void host.call("uncheck", { key: run.key })}>
				<i class="codicon codicon-close"></i>
			</button>
		</span>
	</li>`;
}
