import { html } from "lit";

/** Letters of a long name's end that always stay: that is where names of runs differ. */
const endLength = 10;

/** A name that, where it does not fit, loses its middle and keeps both ends (style in `.long-name`). */
export function longName(name: string) {
	if (name.length <= endLength * 2) return html`<span class="long-name" title=${name}>${name}</span>`;
	const letters = [...name];
	const start = letters.slice(0, -endLength).join("");
	return html`<span class="long-name" title=${name}><span class="start">${start}</span><span class="end">${letters.slice(-endLength).join("")}</span></span>`;
}
