/**
 * The colours of runs: 12 that stay apart for the common colour vision deficiencies, on dark and on light ground;
 * slots 12 to 23 are the same colours dashed. Contributed to VS Code as `gamma.run0` … `gamma.run11`
 * (package.json, `colors`), so that a theme may change them; in a panel they are `--vscode-gamma-run0` ….
 */
export const runColours = [
	{ dark: "#59a9f5", light: "#0067b3" },
	{ dark: "#ffa733", light: "#b35c00" },
	{ dark: "#35c9a0", light: "#00795c" },
	{ dark: "#f08cc4", light: "#a8447f" },
	{ dark: "#f2e04d", light: "#857000" },
	{ dark: "#9aa4ff", light: "#4b4bc8" },
	{ dark: "#ff6b4a", light: "#c1320b" },
	{ dark: "#4fd6e8", light: "#006d85" },
	{ dark: "#a5d65a", light: "#4f7a12" },
	{ dark: "#cf9bff", light: "#7b3fa0" },
	{ dark: "#c9a48f", light: "#6d4c41" },
	{ dark: "#c0cad6", light: "#4a5a68" },
] as const;

/** Line dashes in pixels by slot: solid, then dashed. High contrast uses `contrastDashes` so that no two of 8 lines rely on colour. */
export function slotDash(slot: number): readonly number[] {
	return slot < runColours.length ? [] : [6, 4];
}

export const contrastDashes: readonly (readonly number[])[] = [
	[],
	[8, 4],
	[2, 3],
	[10, 3, 2, 3],
	[5, 2],
	[1, 2],
	[12, 6],
	[8, 2, 2, 2, 2, 2],
];
