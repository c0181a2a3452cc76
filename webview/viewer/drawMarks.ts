import type { Overlay } from "../../src/shared/panels/viewerPanel";
import type { Marks } from "./marks";
import type { State } from "./physics";
import { tendonPaths } from "./tendonPaths";

const colours = {
	contact: 0xf2a33a,
	force: 0x4fb0f2,
	joint: 0x3ec46d,
	com: 0xe05ad0,
	camera: 0x9a8cf0,
	light: 0xf5e663,
	push: 0xf25555,
} as const;

/** A spring from a body to where the person pulls it. */
export interface Pull {
	readonly from: readonly [number, number, number];
	readonly to: readonly [number, number, number];
}

/** Says what is to be seen beside the bodies. Lengths follow the model's extent, forces its weight. */
export function drawMarks(marks: Marks, state: State, shown: ReadonlySet<Overlay>, pull: Pull | null): void {
	const { model, extent } = state.physics;
	const { now } = state;
	const size = extent * 0.012;
	marks.begin();
	if (shown.has("contacts") || shown.has("forces")) {
		const weight = Math.max(1e-9, (model.body_subtreemass[0] ?? 1) * 9.81);
		for (const { at, force, normal } of state.contacts()) {
			if (shown.has("contacts")) {
				const half = size * 0.25;
				marks.rod(moved(at, normal, -half), moved(at, normal, half), size, colours.contact);
			}
			if (shown.has("forces")) marks.arrow(at, moved(at, force, (extent * 0.5) / weight), size * 0.5, colours.force);
		}
	}
	if (shown.has("joints")) {
		for (let joint = 0; joint < model.njnt; joint++) {
			const at = now.xanchor.subarray(joint * 3, joint * 3 + 3);
			const axis = now.xaxis.subarray(joint * 3, joint * 3 + 3);
			const type = model.jnt_type[joint] ?? 0;
			// Free and ball joints have no one axis.
			if (type < 2) marks.dot(at, size, colours.joint);
			else marks.arrow(moved(at, axis, -extent * 0.03), moved(at, axis, extent * 0.1), size * 0.5, colours.joint);
		}
	}
	if (shown.has("com")) {
		for (let body = 1; body < model.nbody; body++) {
			if (model.body_parentid[body] === 0) {
				marks.dot(now.subtree_com.subarray(body * 3, body * 3 + 3), size * 1.6, colours.com);
			}
		}
	}
	if (shown.has("tendons")) {
		for (const { from, to, width, colour } of tendonPaths(model, now)) {
			marks.rod(from, to, Math.max(width, size * 0.15), colour);
		}
	}
	if (shown.has("cameras")) {
		for (let camera = 0; camera < model.ncam; camera++) {
			const at = now.cam_xpos.subarray(camera * 3, camera * 3 + 3);
			const turn = now.cam_xmat.subarray(camera * 9, camera * 9 + 9);
			const view = [-(turn[2] ?? 0), -(turn[5] ?? 0), -(turn[8] ?? 0)] as const;
			marks.dot(at, size, colours.camera);
			marks.arrow(at, moved(at, view, extent * 0.12), size * 0.5, colours.camera);
		}
	}
	if (shown.has("lights")) {
		for (let light = 0; light < model.nlight; light++) {
			const at = now.light_xpos.subarray(light * 3, light * 3 + 3);
			const towards = now.light_xdir.subarray(light * 3, light * 3 + 3);
			marks.dot(at, size, colours.light);
			marks.arrow(at, moved(at, towards, extent * 0.12), size * 0.5, colours.light);
		}
	}
	if (pull) {
		marks.dot(pull.from, size, colours.push);
		marks.arrow(pull.from, pull.to, size * 0.5, colours.push);
	}
	marks.end();
}

function moved(at: ArrayLike<number>, by: ArrayLike<number>, factor: number): readonly [number, number, number] {
	const along = (axis: number) => (at[axis] ?? 0) + factor * (by[axis] ?? 0);
	return [along(0), along(1), along(2)];
}
