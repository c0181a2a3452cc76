import type { Pen } from "./plot";

interface PenState {
	strokeStyle: Pen["strokeStyle"];
	fillStyle: Pen["fillStyle"];
	lineWidth: number;
	lineJoin: CanvasLineJoin;
	globalAlpha: number;
	font: string;
	textAlign: CanvasTextAlign;
	dash: number[];
	clip: string | null;
}

/** Draws what a canvas would into SVG, so that an exported chart is the chart on the screen, sharp at any size. */
export class SvgPen implements Pen {
	#parts: string[] = [];
	#clips: string[] = [];
	#clipCount = 0;
	readonly #stack: PenState[] = [];
	#state: PenState = {
		strokeStyle: "#000",
		fillStyle: "#000",
		lineWidth: 1,
		lineJoin: "miter",
		globalAlpha: 1,
		font: "11px sans-serif",
		textAlign: "left",
		dash: [],
		clip: null,
	};
	#path = "";

	get strokeStyle() {
		return this.#state.strokeStyle;
	}
	set strokeStyle(value) {
		this.#state.strokeStyle = value;
	}
	get fillStyle() {
		return this.#state.fillStyle;
	}
	set fillStyle(value) {
		this.#state.fillStyle = value;
	}
	get lineWidth() {
		return this.#state.lineWidth;
	}
	set lineWidth(value) {
		this.#state.lineWidth = value;
	}
	get lineJoin() {
		return this.#state.lineJoin;
	}
	set lineJoin(value) {
		this.#state.lineJoin = value;
	}
	get globalAlpha() {
		return this.#state.globalAlpha;
	}
	set globalAlpha(value) {
		this.#state.globalAlpha = value;
	}
	get font() {
		return this.#state.font;
	}
	set font(value) {
		this.#state.font = value;
	}
	get textAlign() {
		return this.#state.textAlign;
	}
	set textAlign(value) {
		this.#state.textAlign = value;
	}

	save(): void {
		this.#stack.push({ ...this.#state, dash: [...this.#state.dash] });
	}

	restore(): void {
		const state = this.#stack.pop();
		if (state) this.#state = state;
	}

	beginPath(): void {
		this.#path = "";
	}

	closePath(): void {
		this.#path += "Z";
	}

	moveTo(x: number, y: number): void {
		this.#path += `M${short(x)} ${short(y)}`;
	}

	lineTo(x: number, y: number): void {
		this.#path += `L${short(x)} ${short(y)}`;
	}

	/** Whole circles only, which is all that charts draw. */
	arc(x: number, y: number, radius: number): void {
		const r = short(radius);
		this.#path += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(radius * 2)} 0a${r} ${r} 0 1 0 ${short(-radius * 2)} 0Z`;
	}

	rect(x: number, y: number, width: number, height: number): void {
		this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
	}

	clip(): void {
		const id = `clip${this.#clipCount++}`;
		this.#clips.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`);
		this.#state.clip = id;
	}

	stroke(): void {
		if (this.#path === "") return;
		const { strokeStyle, lineWidth, lineJoin, dash } = this.#state;
		const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
		this.#parts.push(
			`<path d="${this.#path}" fill="none" stroke="${escapeXml(String(strokeStyle))}" stroke-width="${lineWidth}" stroke-linejoin="${lineJoin}"${dashes}${this.#common()}/>`,
		);
	}

	fill(): void {
		if (this.#path === "") return;
		this.#parts.push(`<path d="${this.#path}" fill="${escapeXml(String(this.#state.fillStyle))}"${this.#common()}/>`);
	}

	fillText(text: string, x: number, y: number): void {
		const { fillStyle, font, textAlign } = this.#state;
		const anchor = textAlign === "right" || textAlign === "end" ? "end" : textAlign === "center" ? "middle" : "start";
		const [, size = "11", family = "sans-serif"] = /([\d.]+)px\s+(.*)/.exec(font) ?? [];
		this.#parts.push(
			`<text x="${short(x)}" y="${short(y)}" fill="${escapeXml(String(fillStyle))}" font-size="${size}" font-family="${escapeXml(family)}" text-anchor="${anchor}"${this.#common()}>${escapeXml(text)}</text>`,
		);
	}

	setLineDash(segments: Iterable<number>): void {
		this.#state.dash = [...segments];
	}

	/** The whole picture, on its background. */
	toSvg(width: number, height: number, background: string, title: string): string {
		return `${svgHead(width, height, background, title)}${this.takeDrawn().join("")}${svgTail}`;
	}

	/** What was drawn since it was last taken: a large picture is put together piece by piece. */
	takeDrawn(): string[] {
		const drawn = [`<defs>${this.#clips.join("")}</defs>\n`, ...this.#parts.map((part) => `${part}\n`)];
		this.#clips = [];
		this.#parts = [];
		return drawn;
	}

	#common(): string {
		const { globalAlpha, clip } = this.#state;
		return `${globalAlpha < 1 ? ` opacity="${short(globalAlpha)}"` : ""}${clip ? ` clip-path="url(#${clip})"` : ""}`;
	}
}

/** What comes before the pieces of a picture. */
export function svgHead(width: number, height: number, background: string, title: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="${escapeXml(background)}"/>
`;
}

export const svgTail = "</svg>\n";

function short(value: number): string {
	return String(Math.round(value * 100) / 100);
}

function escapeXml(text: string): string {
	return (
		text
			.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
			// Control characters have no place in XML 1.0, not even escaped.
			.replace(/[^\P{Cc}\t\n\r]/gu, "\ufffd")
	);
}
