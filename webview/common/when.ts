import { html, type TemplateResult } from "lit";

/** A time as people of the place write it; the machine's own words beneath. */
export function when(ms: number): TemplateResult {
	const date = new Date(ms);
	const text = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
	return html`<time datetime=${date.toISOString()}>${text}</time>`;
}
