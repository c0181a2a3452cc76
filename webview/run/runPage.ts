import { html, nothing, type TemplateResult } from "lit";
import type { RunPageRun } from "../../src/shared/panels/runPanel";
import { LivePage } from "../common/livePage";
import "./artifactTree";
import "./markdownView";
import "./mediaView";
import "./metricTable";
import "./namedValues";
import { section } from "../common/section";
import { relatedRuns } from "./relatedRuns";
import { runHeader } from "./runHeader";
import type { RunSession } from "./runSession";

/** One run's page: what went wrong first, then how it went, what it was given, and what it left. */
export class RunPage extends LivePage<RunSession> {
	protected override get isFilled(): boolean {
		return !!this.session.state?.run;
	}

	protected override render(): unknown {
		const { state } = this.session;
		const live = html`<p id="said" class="spoken" role="status" aria-live="polite"></p>`;
		if (!state) return html`<p class="empty page-empty" role="status">Reading the run…</p>${live}`;
		if (!state.run) return html`${absent(state.isReading)}${live}`;
		return html`${live}${this.#page(state.run)}`;
	}

	#page(run: RunPageRun): TemplateResult {
		const { session } = this;
		return html`<main>
			${run.problem === null ? nothing : alarm("Part of this run could not be read", run.problem)}
			${run.store.problem === null ? nothing : alarm("The store cannot be read just now", run.store.problem, "warning")}
			${runHeader(session, run)}
			${run.failure === null ? nothing : failure(run.failure)}
			<div class="columns">
				<div class="column">
					<gamma-metric-table .session=${session}></gamma-metric-table>
					<gamma-media .session=${session}></gamma-media>
				</div>
				<div class="column">
					${run.note === null ? nothing : this.#note(run.note)}
					<gamma-named-values .session=${session} .of=${"param"}></gamma-named-values>
					${relatedRuns(session, run)}
				</div>
			</div>
			<gamma-artifact-tree .session=${session}></gamma-artifact-tree>
			<gamma-named-values .session=${session} .of=${"tag"}></gamma-named-values>
		</main>`;
	}

	#note(note: string): TemplateResult {
		return section(this.session, "note", {
			title: "Notes",
			body: () =>
				html`<gamma-markdown class="markdown" .text=${note} .onLink=${(href: string) => this.session.host.openLink(href)}></gamma-markdown>`,
		});
	}
}

function alarm(title: string, words: string, kind: "error" | "warning" = "error"): TemplateResult {
	return html`<div class="alarm ${kind}" role="alert">
		<span class="codicon codicon-${kind}" aria-hidden="true"></span>
		<div><strong>${title}</strong><p>${words}</p></div>
	</div>`;
}

function failure({ text, source }: { text: string; source: string }): TemplateResult {
	return html`<section class="alarm error why" aria-label="Why it failed">
		<span class="codicon codicon-error" aria-hidden="true"></span>
		<div><strong>Why it failed</strong> <span class="quiet">from the tag ${source}</span><pre tabindex="0">${text}</pre></div>
	</section>`;
}

function absent(isReading: boolean): TemplateResult {
	return isReading
		? html`<p class="empty page-empty" role="status">Reading the stores…</p>`
		: html`<p class="empty page-empty" role="status">This run is no longer in any open store. It was removed, or its store is closed.</p>`;
}

customElements.define("gamma-run-page", RunPage);
