import type { Locator } from "playwright-core";

/** A text that is hard to read: its words, WCAG's contrast ratio, both colours. */
export interface FaintText {
	readonly text: string;
	readonly ratio: number;
	readonly colours: string;
}

/** WCAG 2.2, 1.4.3: for text of this size. */
const leastRatio = 4.5;

/**
 * The visible texts of a panel whose contrast against what they stand on is below WCAG's least, from the computed styles.
 * Disabled controls are exempt there, and here.
 */
export function faintTexts(frame: { locator(selector: string): Locator }): Promise<FaintText[]> {
	return frame.locator("body").evaluate((body, least) => {
		type Colour = readonly [number, number, number, number];
		const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
		const parse = (colour: string): Colour => {
			if (!context) return [0, 0, 0, 1];
			context.clearRect(0, 0, 1, 1);
			context.fillStyle = colour;
			context.fillRect(0, 0, 1, 1);
			const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
			return [r, g, b, a / 255];
		};
		const over = (top: Colour, under: Colour): Colour => {
			const mix = (i: 0 | 1 | 2) => top[i] * top[3] + under[i] * (1 - top[3]);
			return [mix(0), mix(1), mix(2), 1];
		};
		const parentOf = (element: Element): Element | null =>
			element.assignedSlot ??
			element.parentElement ??
			(element.getRootNode() instanceof ShadowRoot ? (element.getRootNode() as ShadowRoot).host : null);
		const groundOf = (element: Element): Colour => {
			const layers: Colour[] = [];
			for (let at: Element | null = element; at; at = parentOf(at))
				layers.push(parse(getComputedStyle(at).backgroundColor));
			return layers
				.reverse()
				.reduce((under, layer) => over(layer, under), parse(getComputedStyle(body).backgroundColor));
		};
		const opacityOf = (element: Element): number => {
			let opacity = 1;
			for (let at: Element | null = element; at; at = parentOf(at)) opacity *= Number(getComputedStyle(at).opacity);
			return opacity;
		};
		const luminance = (colour: Colour): number => {
			const channel = (i: 0 | 1 | 2) => {
				const value = colour[i] / 255;
				return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
			};
			return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
		};
		const faint: { text: string; ratio: number; colours: string }[] = [];
		const look = (element: Element): void => {
			if (element.shadowRoot) for (const child of element.shadowRoot.children) look(child);
			for (const child of element.children) look(child);
			const text = [...element.childNodes]
				.filter((node) => node.nodeType === Node.TEXT_NODE)
				.map((node) => node.textContent?.trim())
				.join(" ")
				.trim();
			if (text === "" || element.matches("style, script, option, title, :disabled, :disabled *, .codicon")) return;
			if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
			const style = getComputedStyle(element);
			const ground = groundOf(element);
			const written = element instanceof SVGElement ? parse(style.fill) : parse(style.color);
			const ink = over([written[0], written[1], written[2], written[3] * opacityOf(element)], ground);
			const [a, b] = [luminance(ink), luminance(ground)];
			const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
			if (ratio < least)
				faint.push({ text: text.slice(0, 40), ratio: Math.round(ratio * 100) / 100, colours: `${ink} on ${ground}` });
		};
		look(body);
		return faint;
	}, leastRatio);
}
