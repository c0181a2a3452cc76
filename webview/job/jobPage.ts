import { html, type TemplateResult } from "lit";
import type { JobPageJob } from "../../src/shared/panels/jobPanel";
import { PageElement } from "../common/pageElement";
import { restoreScroll } from "../common/restoreScroll";
import "./commentList";
import { jobHeader } from "./jobHeader";
import { checkpointsSection, historySection, metricsSection, runsSection } from "./jobParts";
import type { JobSession } from "./jobSession";
import { whyFailed } from "./whyFailed";

/** Ages tick by themselves, as fast as they are worded. */
const tickMs = 1000;

/** One job's page: what went wrong first, then how it went, what it left, and what people say of it. */
export class JobPage extends PageElement<JobSession> {
	#ticking: ReturnType<typeof setInterval> | undefined;
	#restored = false;
	readonly #onScroll = () => this.session.keep({ scrollTop: window.scrollY });

	override connectedCallback(): void {
		super.connectedCallback();
		this.#ticking = setInterval(() => this.session.state?.job && this.requestUpdate(), tickMs);
		window.addEventListener("scroll", this.#onScroll, { passive: true });
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearInterval(this.#ticking);
		window.removeEventListener("scroll", this.#onScroll);
	}

	protected override updated(): void {
		if (this.#restored || !this.session.state?.job) return;
		this.#restored = true;
		restoreScroll(this.session.kept.scrollTop);
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
			${jobHeader(session, job)} ${whyFailed(session, job)}
			<div class="columns">
				<div class="column">${metricsSection(session, job)} ${checkpointsSection(session, job)}</div>
				<div class="column">${runsSection(session, job)} ${historySection(session, job)}</div>
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
