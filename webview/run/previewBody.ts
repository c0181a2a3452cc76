import { html, nothing, type TemplateResult } from "lit";
import type { ArrayPreview, Preview, TablePreview } from "../../src/shared/preview";
import { formatCount, formatNumber, formatSize } from "../common/number";
import "./markdownView";

/** A cell beyond this is cut: one long text must not push the others off the page. */
const cellLength = 200;

/** What an artifact holds, by its kind. `imageHref` is the blob address of an image's bytes. */
export function previewBody(
	preview: Preview,
	imageHref: string | null,
	alt: string,
	onLink: (href: string) => void,
): unknown {
	switch (preview.kind) {
		case "text":
			return html`<pre class="preview-text" tabindex="0" aria-label="Text of ${alt}">${preview.text}</pre>${cut(preview.truncated)}`;
		case "json":
			return html`<pre class="preview-text" tabindex="0" aria-label="JSON of ${alt}">${preview.text}</pre>${cut(preview.truncated)}`;
		case "markdown":
			return html`<gamma-markdown class="markdown" .text=${preview.text} .onLink=${onLink}></gamma-markdown>${cut(preview.truncated)}`;
		case "image":
			return imageHref === null ? nothing : html`<img class="preview-image" src=${imageHref} alt="Picture ${alt}" />`;
		case "table":
			return table(preview, alt);
		case "array":
			return html`${preview.entries.map(array)}${cut(preview.truncated)}`;
		case "binary":
			return html`<p class="quiet">Binary${preview.sizeBytes === null ? "" : `, ${formatCount(preview.sizeBytes)} bytes`}; its first bytes:</p>
				<pre class="preview-text" tabindex="0" aria-label="First bytes of ${alt}">${preview.hexHead}</pre>`;
		case "tooLarge":
			return html`<p class="empty">
				${formatSize(preview.sizeBytes)} is too large for a preview (at most ${formatSize(preview.limitBytes)}): download it.
			</p>`;
		default:
			return html`<p class="empty">There is no preview of this kind of file.</p>`;
	}
}

function cut(truncated: boolean): unknown {
	return truncated ? html`<p class="quiet">Only the beginning is shown: download it for the rest.</p>` : nothing;
}

function table({ columns, rows, totalRows, truncated }: TablePreview, alt: string): TemplateResult {
	const of = totalRows === null ? (truncated ? "more" : null) : totalRows > rows.length ? formatCount(totalRows) : null;
	const cell = (text: string) => (text.length > cellLength ? `${text.slice(0, cellLength)}…` : text);
	const isNumeric = columns.map(({ type }) => /^(number|u?int|float|double|decimal)/i.test(type));
	return html`<div class="preview-table" tabindex="0" role="region" aria-label="Table ${alt}">
			<table>
				<thead><tr>${columns.map(({ name, type }) => html`<th scope="col" title="${name}: ${type}">${cell(name)}<span class="quiet type">${type}</span></th>`)}</tr></thead>
				<tbody>
					${rows.map((row) => html`<tr>${row.map((text, i) => html`<td class=${isNumeric[i] ? "number" : ""} title=${text.length > 40 ? text.slice(0, 2000) : nothing}>${cell(text)}</td>`)}</tr>`)}
				</tbody>
			</table>
		</div>
		<p class="quiet">${
			of === null
				? `${formatCount(rows.length)} rows, ${formatCount(columns.length)} columns.`
				: `The first ${formatCount(rows.length)} of ${of} rows, ${formatCount(columns.length)} columns.`
		}</p>`;
}

function array(entry: ArrayPreview): TemplateResult {
	const { name, dtype, shape, values, order, min, max, mean, countedValues, nonFiniteValues, note } = entry;
	const count = shape.reduce((product, size) => product * size, 1);
	const facts: [string, string][] = [
		["Type", dtype],
		["Shape", `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`],
	];
	if (min !== null && max !== null && mean !== null) {
		facts.push([
			"Range",
			`${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}${countedValues < count ? ` (first ${formatCount(countedValues)} values)` : ""}`,
		]);
	}
	if (nonFiniteValues > 0) facts.push(["Not finite", formatCount(nonFiniteValues)]);
	if (order === "column") facts.push(["Order", "Fortran: the first index varies fastest"]);
	return html`<section class="array">
		${name ? html`<h4><bdi>${name}</bdi></h4>` : nothing}
		<dl class="array-facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
		${note ? html`<p class="quiet">${note}</p>` : nothing}
		${values.length > 0 ? html`<pre class="preview-text wrap" tabindex="0" aria-label="First values of ${name || "the array"}">${values.join("  ")}${count > values.length ? "  …" : ""}</pre>` : nothing}
	</section>`;
}
