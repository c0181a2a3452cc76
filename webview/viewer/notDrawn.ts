import type { ModelArrays } from "./modelArrays";

/** What a model has that the picture leaves out, in words; null where it is all there. */
export function notDrawn({ nskin, mat_reflectance, geom_matid }: ModelArrays): string | null {
	const isMirror = (material: number) => material >= 0 && (mat_reflectance[material] ?? 0) > 0;
	const left = [
		...(nskin > 0 ? [nskin === 1 ? "1 skin" : `${nskin} skins`] : []),
		...(geom_matid.some(isMirror) ? ["reflections"] : []),
	];
	return left.length === 0 ? null : left.join(", ");
}
