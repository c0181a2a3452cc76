import type { DataArrays, ModelArrays } from "./modelArrays";

export interface TendonPiece {
	readonly from: Float64Array;
	readonly to: Float64Array;
	readonly width: number;
	/** 0xrrggbb. */
	readonly colour: number;
}

/** At a pulley a tendon's path ends and begins anew (mjWRAP_PULLEY is noted as -2). */
const pulley = -2;

/** The straight pieces of all spatial tendons; others have no path. */
export function tendonPaths(model: ModelArrays, now: DataArrays): readonly TendonPiece[] {
	const pieces: TendonPiece[] = [];
	const { ten_wrapadr, ten_wrapnum, wrap_obj, wrap_xpos } = now;
	for (let tendon = 0; tendon < model.ntendon; tendon++) {
		const first = ten_wrapadr[tendon] ?? 0;
		const count = ten_wrapnum[tendon] ?? 0;
		const rgba = model.tendon_rgba.subarray(tendon * 4, tendon * 4 + 4);
		const byte = (at: number) => Math.round(255 * Math.max(0, Math.min(1, rgba[at] ?? 0)));
		const colour = (byte(0) << 16) | (byte(1) << 8) | byte(2);
		for (let at = first; at + 1 < first + count; at++) {
			if (wrap_obj[at] === pulley || wrap_obj[at + 1] === pulley) continue;
			pieces.push({
				from: wrap_xpos.subarray(at * 3, at * 3 + 3),
				to: wrap_xpos.subarray(at * 3 + 3, at * 3 + 6),
				width: model.tendon_width[tendon] ?? 0,
				colour,
			});
		}
	}
	return pieces;
}
