import { html, svg } from "lit";
import { readTheme, type Theme } from "../common/theme";
import type { LineSubject } from "./chartLines";

let theme: Theme | null = null;

export function forgetSwatchTheme(): void {
	theme = null;
}

/** A short piece of a run's line as the charts draw it: colour, dashes, and in high contrast its shape. */
export function swatch(slot: number, kind: LineSubject["kind"] = "run") {
	theme ??= readTheme();
	const colour = kind === "baseline" ? theme.foreground : theme.runColour(slot);
	const width = kind === "baseline" ? 5 : 2;
	const shape = theme.isHighContrast && kind !== "baseline" ? shapeOf(slot, colour) : null;
	return html`<svg class="swatch" width="18" height="10" aria-hidden="true">
		<line x1="0" y1="5" x2="18" y2="5" stroke=${colour} stroke-width=${width} stroke-opacity=${kind === "baseline" ? 0.5 : 1}
			stroke-dasharray=${kind === "baseline" ? "" : theme.runDash(slot).join(" ")} />${shape}
	</svg>`;
}

function shapeOf(slot: number, colour: string) {
	switch (slot % 5) {
		case 0:
			return svg`<circle cx="9" cy="5" r="3.5" fill=${colour} />`;
		case 1:
			return svg`<rect x="5.5" y="1.5" width="7" height="7" fill=${colour} />`;
		case 2:
			return svg`<path d="M5.5 8.5h7l-3.5 -7z" fill=${colour} />`;
		case 3:
			return svg`<path d="M4.5 5l4.5 -4.5l4.5 4.5l-4.5 4.5z" fill=${colour} />`;
		default:
			return svg`<path d="M5.5 1.5l7 7m0 -7l-7 7" stroke=${colour} stroke-width="2" />`;
	}
}

/** A run's dot about the origin: round, in high contrast its own shape. */
export function drawnShape(slot: number, of: Theme, size: number) {
	const colour = of.runColour(slot);
	if (!of.isHighContrast) return svg`<circle r=${size} fill=${colour} stroke=${of.background} />`;
	return svg`<g transform="scale(${size / 3.5}) translate(-9 -5)">${shapeOf(slot, colour)}</g>`;
}
