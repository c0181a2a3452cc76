import { html, nothing, type TemplateResult } from "lit";
import type { JobPageCheckpoint, JobPageJob, JobPageRun, Loaded } from "../../src/shared/panels/jobPanel";
import { formatAge, formatCount, formatNumber, formatSize } from "../common/number";
import { passesFilter, section } from "../common/section";
import { statusIcons } from "../common/statusIcons";
import { readTheme } from "../common/theme";
import { when } from "../common/when";
import type { JobSession } from "./jobSession";
import { stateIcons } from "./words";

const manyMetrics = 12;

function isOver(state: JobPageJob["state"]): boolean {
	return state !== "running" && state !== "silent" && state !== "pending";
}

export function metricsSection(session: JobSession, { metrics, state }: JobPageJob): TemplateResult {
	const shown = metrics.filter(([name]) => passesFilter(session, "metrics", name));
	return section(session, "metrics", {
		title: isOver(state) ? "Final metrics" : "Last metrics",
		note: formatCount(metrics.length),
		...(metrics.length > manyMetrics && { filter: "Filter metrics" }),
		body: () =>
			metrics.length === 0
				? html`<p class="empty">No metric was told${isOver(state) ? "" : " yet"}.</p>`
				: html`<dl class="values">
						${shown.map(
							([name, value]) =>
								html`<div class="value-row"><dt>${name}</dt><dd class="number" title=${String(value)}>${formatNumber(value)}</dd></div>`,
						)}
					</dl>`,
	});
}

export function runsSection(session: JobSession, { runs, state }: JobPageJob): TemplateResult {
	const isComing = state === "pending" || state === "running";
	return section(session, "runs", {
		title: "Runs",
		note: formatCount(runs.length),
		body: () =>
			runs.length === 0
				? html`<p class="empty">${isComing ? "No run of its commit is in an open store yet." : "No run of its commit is in an open store."}</p>`
				: html`<ul class="related">${runs.map((run) => html`<li>${runLink(session, run)}</li>`)}</ul>`,
	});
}

function runLink(session: JobSession, { key, name, status, colour, storeLabel }: JobPageRun): TemplateResult {
	return html`<svg class="colour-dot" viewBox="0 0 10 10" aria-hidden="true">
			<circle cx="5" cy="5" r="4.5" fill=${readTheme().runColour(colour)}></circle></svg
		><span class="status-${status.toLowerCase()}"><span class="codicon codicon-${statusIcons[status]}" title=${status} aria-hidden="true"></span></span>
		<button type="button" class="link" @click=${() => void session.host.call("openRun", { key })}>
			${name}<span class="spoken">, ${status.toLowerCase()}</span>
		</button>
		<span class="quiet">${storeLabel}</span>`;
}

export function checkpointsSection(session: JobSession, { checkpoints, state }: JobPageJob): unknown {
	if (checkpoints === null) return nothing;
	const newest = checkpoints.kind === "ready" ? checkpoints.value[0] : undefined;
	const age = newest?.timestampMs == null ? null : formatAge(session.nowMs - newest.timestampMs);
	return section(session, "checkpoints", {
		title: "Checkpoints",
		note:
			checkpoints.kind !== "ready" ? "" : age === null ? formatCount(checkpoints.value.length) : `newest ${age} ago`,
		body: () =>
			loaded(checkpoints, (all) =>
				all.length > 0
					? list(session, all)
					: html`<p class="empty">${isOver(state) ? "It left no checkpoint." : "It has left no checkpoint yet."}</p>`,
			),
	});
}

function list(session: JobSession, all: readonly JobPageCheckpoint[]): TemplateResult {
	return html`<div class="checkpoints" role="table" aria-label="Checkpoints">
		<div role="row" class="checkpoint-row quiet">
			${["Name", "Step", "Size", "Age"].map((name) => html`<span role="columnheader">${name}</span>`)}
		</div>
		${all.map(
			({ name, step, sizeBytes, timestampMs }) => html`<div role="row" class="checkpoint-row">
				<span role="cell" class="checkpoint-name" title=${name}><bdi>${name}</bdi></span>
				<span role="cell" class="number">${step === null ? "–" : formatCount(step)}</span>
				<span role="cell" class="number">${sizeBytes === null ? "–" : formatSize(sizeBytes)}</span>
				<span role="cell" class="number">${timestampMs === null ? "–" : html`<span title=${new Date(timestampMs).toLocaleString()}>${formatAge(session.nowMs - timestampMs)}</span>`}</span>
			</div>`,
		)}
	</div>`;
}

export function historySection(session: JobSession, { history }: JobPageJob): unknown {
	if (history === null) return nothing;
	return section(session, "history", {
		title: "History",
		body: () =>
			loaded(
				history,
				(all) => html`<ol class="history">
					${all.map(
						({ status, reason, atMs }) => html`<li>
							<span class="status status-${status}"><span class="codicon codicon-${stateIcons[status]}" aria-hidden="true"></span>${status}</span>
							<span class="quiet">${atMs === null ? nothing : when(atMs)}</span>
							${reason === null ? nothing : html`<p>${reason}</p>`}
						</li>`,
					)}
				</ol>`,
			),
	});
}

export function loaded<T>(fact: Loaded<T>, draw: (value: T) => unknown): unknown {
	if (fact.kind === "reading") return html`<p class="empty" role="status">Reading…</p>`;
	return fact.kind === "failed" ? html`<p class="problem-words">${fact.message}</p>` : draw(fact.value);
}
