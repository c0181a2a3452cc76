import { html, nothing, type TemplateResult } from "lit";
import type { WhyDifference, WhyState } from "../../src/shared/panels/whyPanel";
import { formatCount } from "../common/number";
import { section } from "../common/section";
import type { WhySession } from "./whySession";

const titles = { params: "Params", data: "Data", environment: "Environment" } as const;

/** What differs beside the code; a kind of which nothing differs is one line. */
export function differenceSections(session: WhySession, state: WhyState): TemplateResult {
	const kinds = Object.keys(titles) as (keyof typeof titles)[];
	const same = kinds.filter((kind) => state[kind].length === 0);
	return html`${kinds.filter((kind) => state[kind].length > 0).map((kind) => one(session, kind, state))}
		${same.length === 0 ? nothing : html`<p class="empty same">The same in both: ${same.map((kind) => titles[kind].toLowerCase()).join(", ")}, as far as it was logged.</p>`}`;
}

function one(session: WhySession, kind: keyof typeof titles, state: WhyState): TemplateResult {
	const all = state[kind];
	return section(session, kind, {
		title: titles[kind],
		note: formatCount(all.length),
		body: () => html`<div class="differences" role="table" aria-label=${`${titles[kind]} that differ`}>
			<div role="row" class="difference quiet">
				${["Name", state.runs?.base.name, state.runs?.other.name].map((name) => html`<span role="columnheader">${name}</span>`)}
			</div>
			${all.map(row)}
		</div>`,
	});
}

function row({ name, base, other }: WhyDifference): TemplateResult {
	const value = (text: string | null) =>
		html`<span role="cell">${text === null ? html`<span class="quiet">not logged</span>` : html`<code>${text}</code>`}</span>`;
	return html`<div role="row" class="difference"><span role="rowheader">${name}</span>${value(base)}${value(other)}</div>`;
}
