import { html, nothing } from "lit";
import type { XAxis } from "../../src/shared/chart";
import { formatCount } from "../common/number";
import { formatX } from "./axisTicks";
import type { DrawnLine } from "./chartLines";

export interface PointsTable {
	readonly columns: readonly string[];
	readonly rows: readonly { readonly place: number; readonly cells: readonly string[] }[];
}

/**
 * The drawn points as numbers, exact to the last digit: a row per step (or x), a column per run. A step that a restarted
 * run logged twice has two rows. A mean has its spread in the cell.
 */
export function pointsTable(lines: readonly DrawnLine[], axis: XAxis): PointsTable {
	const cells = new Map<number, string[][]>();
	const put = (column: number, place: number, text: string) => {
		const rows = cells.get(place) ?? [];
		cells.set(place, rows);
		const row = rows.find((candidate) => candidate[column] === undefined);
		if (row) row[column] = text;
		else {
			const added: string[] = new Array(lines.length);
			added[column] = text;
			rows.push(added);
		}
	};
	for (const [column, { line }] of lines.entries()) {
		const places = axis === "step" ? line.steps : line.x;
		for (let i = 0; i < line.x.length; i++) {
			const value = line.y[i] ?? Number.NaN;
			const place = places[i] ?? Number.NaN;
			if (Number.isNaN(value)) continue;
			const high = line.high?.[i];
			const spread =
				high === undefined || Number.isNaN(high) ? "" : ` ± ${high - value} (n = ${line.counts?.[i] ?? 0})`;
			put(column, place, `${value}${spread}`);
		}
		for (const mark of line.marks) put(column, mark.x, mark.kind);
	}
	const rows = [...cells]
		.sort(([a], [b]) => a - b)
		.flatMap(([place, found]) => found.map((row) => ({ place, cells: Array.from(row, (text) => text ?? "") })));
	return { columns: lines.map(({ name }) => name), rows };
}

/** Rows put into the page at a time: a table of everything would hold up the panel. */
export const tablePage = 1000;

export function renderPointsTable(
	metric: string,
	table: PointsTable,
	axis: XAxis,
	shown: number,
	showMore: () => void,
) {
	const rest = table.rows.length - shown;
	return html`<div class="points" tabindex="0" role="region" aria-label="Points of ${metric}">
		<table aria-label=${metric}>
			<thead>
				<tr>
					<th scope="col">${axis}</th>
					${table.columns.map((name) => html`<th scope="col">${name}</th>`)}
				</tr>
			</thead>
			<tbody>
				${table.rows.slice(0, shown).map(
					({ place, cells }) => html`<tr>
						<th scope="row">${axis === "step" ? String(place) : formatX(axis, place)}</th>
						${cells.map((text) => html`<td>${text}</td>`)}
					</tr>`,
				)}
			</tbody>
		</table>
		${
			rest > 0
				? html`<button class="secondary" type="button" @click=${showMore}>Show ${formatCount(Math.min(rest, tablePage))} more rows</button>`
				: nothing
		}
	</div>`;
}
