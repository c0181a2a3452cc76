import { html, nothing, type TemplateResult } from "lit";
import type { JobPageAction, JobPageJob, JobPageSummary } from "../../src/shared/panels/jobPanel";
import { section } from "../common/section";
import { when } from "../common/when";
import type { JobSession } from "./jobSession";

/** What the job's commit changes, as it is written or was kept, and the button that has it written. */
export function summarySection(session: JobSession, { summary }: JobPageJob): unknown {
	if (summary === null || summary.kind === "reading") return nothing;
	return section(session, "summary", {
		title: "What the commit changes",
		body: () => html`<div class="summary">${body(session, summary)}</div>`,
	});
}

function body(session: JobSession, summary: JobPageSummary): unknown {
	switch (summary.kind) {
		case "writing":
			return html`<p aria-busy="true">${summary.text || html`<span class="quiet" role="status">Reading the diff…</span>`}</p>
				<p class="summary-foot">${button(session, "stopSummary", "Stop")}</p>`;
		case "ready":
			return html`${summary.isStale ? html`<p class="stale"><span class="codicon codicon-warning" aria-hidden="true"></span>Stale: the diff of this commit is another one than when this was written.</p>` : nothing}
				<p>${summary.text}</p>
				<p class="summary-foot">
					<span class="quiet">${summary.model ?? "written"}${summary.atMs === null ? nothing : html` · ${when(summary.atMs)}`}</span>
					${summary.canWrite ? button(session, "generateSummary", "Write Again") : nothing}
				</p>`;
		case "failed":
			return html`<p class="problem-words" role="alert">${summary.text}</p>
				<p class="summary-foot">
					${summary.needsKey ? button(session, "setAgentKey", "Set Key…") : nothing} ${button(session, "generateSummary", "Try Again")}
				</p>`;
		default:
			return html`<p class="summary-foot">
				${button(session, "generateSummary", "Generate Summary")}
				<span class="quiet">Claude reads the diff and says what it changes and why it may matter.</span>
			</p>`;
	}
}

function button(session: JobSession, action: JobPageAction, label: string): TemplateResult {
	return html`<button type="button" class="button secondary" @click=${() => session.act(action)}>${label}</button>`;
}
