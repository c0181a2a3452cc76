import { html, type TemplateResult } from "lit";
import type { JobPageJob } from "../../src/shared/panels/jobPanel";
import { LivePage } from "../common/livePage";
import "./commentList";
import { jobHeader } from "./jobHeader";
import { checkpointsSection, historySection, metricsSection, runsSection } from "./jobParts";
import type { JobSession } from "./jobSession";
import { summarySection } from "./summarySection";
import { trainingParamsSection, trainingSection } from "./trainingParts";
import { trueStatusSection } from "./trueStatus";
import { whyFailed } from "./whyFailed";
import { workflowSection } from "./workflowParts";

/** One job's page: what went wrong first, then how it went, what it left, and what people say of it. */
export class JobPage extends LivePage<JobSession> {
	protected override get isFilled(): boolean {
		return !!this.session.state?.job;
	}

	protected override render(): unknown {
		const { state } = this.session;
		const live = html`<p id="said" class="spoken" role="status" aria-live="polite"></p>`;
		if (!state) return html`<p class="empty page-empty" role="status">Reading the job…</p>${live}`;
		return html`${live}${state.job ? this.#page(state.job) : absent(state.isReading)}`;
	}

	#page(job: JobPageJob): TemplateResult {
		const { session } = this;
		return html`<main>
			${jobHeader(session, job)} ${whyFailed(session, job)} ${trueStatusSection(session, job)}
			${summarySection(session, job)}
			<div class="columns">
				<div class="column">${metricsSection(session, job)} ${checkpointsSection(session, job)} ${trainingParamsSection(session, job)}</div>
				<div class="column">${runsSection(session, job)} ${workflowSection(session, job)} ${trainingSection(session, job)} ${historySection(session, job)}</div>
			</div>
			<gamma-comments .session=${session}></gamma-comments>
		</main>`;
	}
}

function absent(isReading: boolean): TemplateResult {
	return isReading
		? html`<p class="empty page-empty" role="status">Reading the jobs…</p>`
		: html`<p class="empty page-empty" role="status">This job is not known here. It was deleted, its project is not shown, or its relay is not connected.</p>`;
}

customElements.define("gamma-job-page", JobPage);
