import { contrastDashes, runColours, slotDash } from "../../src/shared/palette";

/** What a canvas needs to know of the theme; a canvas cannot use `var(--…)`, so it is read once and again on a change. */
export interface Theme {
	readonly isHighContrast: boolean;
	readonly isLight: boolean;
	readonly foreground: string;
	readonly faint: string;
	readonly grid: string;
	readonly background: string;
	readonly focus: string;
	readonly error: string;
	readonly font: string;
	/** Colour of a run's slot, 0 to 23. */
	runColour(slot: number): string;
	/** Dashes of a run's slot; in high contrast every slot of eight differs without its colour. */
	runDash(slot: number): readonly number[];
}

export function readTheme(): Theme {
	const kind = document.body.classList;
	const isHighContrast = kind.contains("vscode-high-contrast");
	const isLight = kind.contains("vscode-light") || kind.contains("vscode-high-contrast-light");
	const style = getComputedStyle(document.body);
	const token = (name: string, fallback: string) => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
	const foreground = token("foreground", isLight ? "#1f1f1f" : "#cccccc");
	const colours = runColours.map((colour, slot) => token(`gamma-run${slot}`, isLight ? colour.light : colour.dark));
	return {
		isHighContrast,
		isLight,
		foreground,
		faint: isHighContrast ? foreground : token("descriptionForeground", foreground),
		grid: isLight ? `rgba(0,0,0,${isHighContrast ? 0.3 : 0.09})` : `rgba(255,255,255,${isHighContrast ? 0.3 : 0.09})`,
		background: token("editor-background", isLight ? "#ffffff" : "#1f1f1f"),
		focus: token("focusBorder", "#0078d4"),
		error: token("errorForeground", "#f14c4c"),
		font: `11px ${token("font-family", "sans-serif")}`,
		runColour: (slot) => colours[slot % colours.length] ?? foreground,
		runDash: (slot) => (isHighContrast ? (contrastDashes[slot % contrastDashes.length] ?? []) : slotDash(slot)),
	};
}

/** VS Code changes the body's class and the root's style when the theme changes. */
export function onThemeChange(listener: () => void): void {
	const observer = new MutationObserver(listener);
	observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
}
