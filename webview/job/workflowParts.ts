import { html, nothing, type TemplateResult } from "lit";
import type { JobPageJob, JobPageStep, JobPageWorkflowJob } from "../../src/shared/panels/jobPanel";
import { formatCount } from "../common/number";
import { section } from "../common/section";
import { loaded } from "./jobParts";
import type { JobSession } from "./jobSession";
import { stateIcons } from "./words";

/** The jobs of its run at GitHub, each with its steps: unfolded where it goes on or went wrong. */
export function workflowSection(session: JobSession, { workflow }: JobPageJob): unknown {
	if (workflow === null) return nothing;
	const { jobs } = workflow;
	return section(session, "workflow", {
		title: "Workflow jobs",
		note: jobs.kind === "ready" && jobs.value ? formatCount(jobs.value.length) : "",
		body: () =>
			loaded(jobs, (all) =>
				all === null
					? html`<p class="empty">Sign in to GitHub (“Gamma: Sign In to GitHub”) to see its jobs and steps.</p>`
					: all.length === 0
						? html`<p class="empty">No job of it has begun.</p>`
						: html`<ul class="workflow-jobs">${all.map((job) => html`<li>${oneJob(session, job)}</li>`)}</ul>`,
			),
	});
}

function oneJob(session: JobSession, job: JobPageWorkflowJob): TemplateResult {
	const isOpen = job.state === "running" || job.state === "failed";
	const { url } = job;
	return html`<details ?open=${isOpen}>
		<summary>${line(job)}${job.runner === null ? nothing : html`<span class="quiet"> · ${job.runner}</span>`}</summary>
		<ol class="steps">${job.steps.map((step) => html`<li>${line(step)}</li>`)}</ol>
		${
			url === null
				? nothing
				: html`<button type="button" class="link" aria-label="Open ${job.name} on GitHub" @click=${() => void session.host.call("openUrl", { url })}>Open on GitHub</button>`
		}
	</details>`;
}

function line({ name, state, words }: JobPageStep): TemplateResult {
	const spin = state === "running" ? "codicon-modifier-spin" : "";
	return html`<span class="status status-${state}"><span class="codicon codicon-${stateIcons[state]} ${spin}" aria-hidden="true"></span></span>
		<span class="step-words"><span class="step-name">${name}</span><span class="quiet"> · ${words}</span></span>`;
}
