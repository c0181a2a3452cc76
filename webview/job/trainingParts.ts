import { html, nothing, type TemplateResult } from "lit";
import type { JobPageJob, JobPageTraining } from "../../src/shared/panels/jobPanel";
import { copyButton } from "../common/copyButton";
import { formatAge, formatCount } from "../common/number";
import { passesFilter, section } from "../common/section";
import { when } from "../common/when";
import type { JobSession } from "./jobSession";

const manyParams = 12;

/** What SageMaker says of the training: where and on what it runs, what it costs, and what became of it. */
export function trainingSection(session: JobSession, { training }: JobPageJob): unknown {
	if (training === null) return nothing;
	return section(session, "training", {
		title: "SageMaker",
		note: training.isGuess ? "a guess: it has no tags" : "",
		body: () =>
			html`${training.isGuess ? html`<p class="empty">No tag says which commit this training is of: its name looks like it.</p>` : nothing}
				<dl class="training-facts">
					<div class="value-row"><dt>Name</dt><dd>${training.name}</dd></div>
					${training.facts.map(([name, value]) => html`<div class="value-row"><dt>${name}</dt><dd>${value}</dd></div>`)}
				</dl>
				<div class="copies" role="group" aria-label="Copy of the training">
					${copyButton(session, "training name", training.name)} ${copyButton(session, "ARN", training.arn)}
				</div>
				${phases(session, training)}`,
	});
}

function phases(session: JobSession, { phases }: JobPageTraining): TemplateResult {
	return html`<ol class="history" aria-label="Phases of the training">
		${phases.map(
			({ name, message, startMs, endMs }) => html`<li>
				<strong>${name}</strong>
				<span class="quiet">${when(startMs)}${lasted(session, startMs, endMs)}</span>
				${message === "" ? nothing : html`<p class="quiet">${message}</p>`}
			</li>`,
		)}
	</ol>`;
}

function lasted(session: JobSession, startMs: number, endMs: number | null): string {
	return endMs === null
		? `, for ${formatAge(session.nowMs - startMs)}`
		: endMs > startMs
			? `, ${formatAge(endMs - startMs)}`
			: "";
}

export function trainingParamsSection(session: JobSession, { training }: JobPageJob): unknown {
	if (training === null || training.params.length === 0) return nothing;
	const shown = training.params.filter(([name]) => passesFilter(session, "hyperparameters", name));
	return section(session, "hyperparameters", {
		title: "Hyperparameters",
		note: formatCount(training.params.length),
		...(training.params.length > manyParams && { filter: "Filter hyperparameters" }),
		body: () =>
			html`<dl class="values">
				${shown.map(([name, value]) => html`<div class="value-row"><dt>${name}</dt><dd>${value}</dd></div>`)}
			</dl>`,
	});
}
