import { html, nothing, render } from "lit";
import type { XAxis } from "../../src/shared/chart";
import { formatNumber } from "../common/number";
import { formatX } from "./axisTicks";
import { swatch } from "./swatch";
import type { ValueRow } from "./valueRows";

/** Rows shown; the rest is counted. */
const mostRows = 5;

let tip: HTMLElement | null = null;

/**
 * Shows the values below the chart they are of, where they hide none of its lines; above it, or beside the cursor, where
 * there is no room.
 */
export function showValueTip(
	rows: readonly ValueRow[],
	axis: XAxis,
	x: number,
	cursorLeft: number,
	chart: DOMRect,
	note: string | null = null,
): void {
	tip ??= document.body.appendChild(makeTip());
	const rest = rows.length - mostRows;
	render(
		html`<div class="where">${axis} ${formatX(axis, x)}</div>
			<table>${rows.slice(0, mostRows).map(valueRow)}</table>
			${rest > 0 ? html`<div class="rest">${rest} more</div>` : nothing}
			${note === null ? nothing : html`<div class="rest">${note}</div>`}`,
		tip,
	);
	tip.hidden = false;
	const { width, height } = tip.getBoundingClientRect();
	const room = { right: window.innerWidth - 4, bottom: window.innerHeight - 4 };
	const fitsBelow = chart.bottom + height < room.bottom;
	const fitsAbove = chart.top - height > 4;
	const top = fitsBelow ? chart.bottom : fitsAbove ? chart.top - height : Math.min(chart.top + 4, room.bottom - height);
	const beside = cursorLeft + 14 + width > room.right ? cursorLeft - 14 - width : cursorLeft + 14;
	const left = fitsBelow || fitsAbove ? cursorLeft - width / 2 : beside;
	tip.style.left = `${Math.max(4, Math.min(left, room.right - width))}px`;
	tip.style.top = `${Math.max(4, top)}px`;
}

export function hideValueTip(): void {
	if (tip) tip.hidden = true;
}

function valueRow(row: ValueRow) {
	return html`<tr>
		<td>${swatch(row.slot, row.kind)}</td>
		<td class="tip-name">${row.name}${row.attempt > 0 ? html` <span class="faint">after restart ${row.attempt}</span>` : nothing}</td>
		<td class="number">${row.mark ?? formatNumber(row.value)}${row.spread ? html` <span class="faint">± ${formatNumber(Number(row.spread.std.toPrecision(2)))}</span>` : nothing}</td>
		<td class="number faint smoothed">${row.smoothed === null ? nothing : html`~ ${formatNumber(row.smoothed)}`}</td>
	</tr>`;
}

/** What a screen reader says of the cursor: the same values in words. */
export function valuesInWords(rows: readonly ValueRow[], axis: XAxis, x: number): string {
	const values = rows.slice(0, mostRows).map((row) => {
		const spread = row.spread ? ` plus or minus ${formatNumber(row.spread.std)}, ${row.spread.count} runs` : "";
		return `${row.name} ${row.mark ?? formatNumber(row.value)}${spread}${row.attempt > 0 ? ` after restart ${row.attempt}` : ""}`;
	});
	const rest = rows.length - mostRows;
	return `${axis} ${formatX(axis, x)}: ${values.join(", ")}${rest > 0 ? `, ${rest} more` : ""}`;
}

function makeTip(): HTMLElement {
	const element = document.createElement("div");
	element.className = "value-tip";
	element.setAttribute("aria-hidden", "true");
	return element;
}
