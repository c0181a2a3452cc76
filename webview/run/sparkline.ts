import { svg, type TemplateResult } from "lit";
import type { MetricSummary } from "../../src/shared/panels/runPanel";

const width = 120;
const height = 20;
const margin = 1.5;

/** A metric's curve without axes; decoration, because its numbers stand beside it. */
export function sparkline(summary: MetricSummary, colour: string): TemplateResult {
	const { path, dots } = curve(summary);
	return svg`<svg class="sparkline" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
		<path d=${path} fill="none" stroke=${colour} stroke-width="1.25" vector-effect="non-scaling-stroke"></path>
		${dots.map((x) => svg`<circle cx=${x} cy=${height / 2} r="2" fill=${colour}></circle>`)}
	</svg>`;
}

/** The path through finite points, broken at gaps and restarts; a history of one point is a dot. */
export function curve({ x, y, breaks }: Pick<MetricSummary, "x" | "y" | "breaks">): { path: string; dots: number[] } {
	const finite = [...x.keys()].filter((i) => Number.isFinite(y[i] ?? Number.NaN));
	if (finite.length === 0) return { path: "", dots: [] };
	if (finite.length === 1) return { path: "", dots: [width / 2] };
	const xs = finite.map((i) => x[i] ?? 0);
	const ys = finite.map((i) => y[i] ?? 0);
	const [left, right] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
	const [low, high] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
	const place = (value: number, from: number, to: number, size: number) =>
		margin + (to === from ? 0.5 : (value / 2 - from / 2) / (to / 2 - from / 2)) * (size - 2 * margin);
	const isBreak = new Set(breaks);
	let path = "";
	let before = -2;
	for (const i of finite) {
		const px = place(x[i] ?? 0, left, right, width).toFixed(1);
		const py = (height - place(y[i] ?? 0, low, high, height)).toFixed(1);
		path += `${before === i - 1 && !isBreak.has(i) ? "L" : "M"}${px} ${py}`;
		before = i;
	}
	return { path, dots: [] };
}
